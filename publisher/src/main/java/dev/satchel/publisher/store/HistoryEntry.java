package dev.satchel.publisher.store;

import dev.satchel.kv.PublishedPatch;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * One revision that can be looked at and rolled back to.
 *
 * @param isInUse whether it is what readers get
 */
public record HistoryEntry(SnapshotMetadata metadata, boolean isInUse) {

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

  /** Returns the machine that published it; empty if that is unknown. */
  public Optional<String> host() {
    return Optional.ofNullable(metadata.host());
  }

  /** Whether its content is that of an earlier revision. */
  public boolean isRollback() {
    return metadata.rolledBackTo() != 0;
  }

  /** Returns the revision whose content this is, if it is a rollback. */
  public long rolledBackTo() {
    return metadata.rolledBackTo();
  }

  /** Returns who holds it, since when and why, in words; empty if nobody does. */
  public Optional<String> hold() {
    return Optional.ofNullable(metadata.hold()).map(Hold::inWords);
  }

  /** Whether it is in use and stays so until somebody resumes. */
  public boolean isHeld() {
    return metadata.hold() != null;
  }

  public JsonObject toJson() {
    return metadata.toJson().put("inUse", isInUse).put("held", isHeld());
  }
}
