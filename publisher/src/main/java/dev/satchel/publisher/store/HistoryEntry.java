package dev.satchel.publisher.store;

import dev.satchel.kv.PublishedPatch;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * One revision that can be looked at and rolled back to.
 *
 * @param isInUse whether it is what readers get
 * @param pairs how many pairs of users were written and deleted for it; empty if that is unknown
 */
public record HistoryEntry(SnapshotMetadata metadata, boolean isInUse, Optional<PairCounts> pairs) {

  /** A revision of which no pairs are known. */
  public HistoryEntry(SnapshotMetadata metadata, boolean isInUse) {
    this(metadata, isInUse, Optional.empty());
  }

  public long revision() {
    return metadata.revision();
  }

  public Instant publishedAt() {
    return metadata.publishedAt();
  }

  public int users() {
    return metadata.users();
  }

  public long bytes() {
    return metadata.bytes();
  }

  /** Returns the size of the patch to it; empty if none was made. It may have expired. */
  public Optional<Integer> patchBytes() {
    return Optional.ofNullable(metadata.patch()).map(PublishedPatch::bytes);
  }

  /** Returns what it changed against the revision before, in words; empty if that is unknown. */
  public Optional<String> change() {
    return Optional.ofNullable(metadata.change()).map(UsersChange::inWords);
  }

  /**
   * Returns what it changed, in words.
   *
   * @param isOldest whether no earlier revision is kept: if nothing is known either, there was none
   */
  public String changeInWords(boolean isOldest) {
    return change().orElse(isOldest ? "first publication" : "unknown");
  }

  /** Returns the machine that published it; empty if that is unknown. */
  public Optional<String> host() {
    return Optional.ofNullable(metadata.host());
  }

  /** Returns whether its content is that of an earlier revision. */
  public boolean isRollback() {
    return metadata.rolledBackTo() != 0;
  }

  /** Returns the revision whose content this is, if it is a rollback. */
  public long rolledBackTo() {
    return metadata.rolledBackTo();
  }

  /** Returns who holds it, since when and why, in words; empty if it is not held. */
  public Optional<String> hold() {
    return Optional.ofNullable(metadata.hold()).map(Hold::inWords);
  }

  /** Returns whether it is in use and stays in use until someone resumes. */
  public boolean isHeld() {
    return metadata.hold() != null;
  }

  public JsonObject toJson() {
    var json = metadata.toJson().put("inUse", isInUse).put("held", isHeld());
    pairs.ifPresent(counts -> json.put("pairs", counts.toJson()));
    return json;
  }
}
