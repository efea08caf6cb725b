package dev.satchel.publisher.publish;

import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.store.PairCounts;
import dev.satchel.publisher.store.SnapshotMetadata;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * The result of publishing a snapshot.
 *
 * @param metadata the metadata of the snapshot in use afterwards
 * @param pairs how many pairs of users were written and deleted
 */
public record PublishOutcome(
    Kind kind, SnapshotMetadata metadata, PairCounts pairs, StageTimes times) implements Outcome {

  /** Returns whether anything was written. */
  public enum Kind {
    PUBLISHED,
    UNCHANGED,
    /** Nothing was read: what is in use is held. */
    HELD
  }

  @Override
  public long revision() {
    return metadata.revision();
  }

  @Override
  public long users() {
    return metadata.users();
  }

  @Override
  public long bytes() {
    return metadata.bytes();
  }

  @Override
  public long patchBytes() {
    return metadata.patch() == null ? 0 : metadata.patch().bytes();
  }

  @Override
  public boolean isNews() {
    return kind == Kind.PUBLISHED;
  }

  @Override
  public boolean isHeld() {
    return kind == Kind.HELD;
  }

  @Override
  public JsonObject toJson() {
    var json =
        new JsonObject()
            .put("outcome", kind.name().toLowerCase(Locale.ROOT))
            .put("revision", metadata.revision())
            .put("contentHash", metadata.contentHash())
            .put("users", metadata.users())
            .put("bytes", metadata.bytes())
            .put("publishedAt", metadata.publishedAt().toString())
            .put("seconds", times.toJson());
    if (metadata.patch() != null) {
      json.put("patchBytes", metadata.patch().bytes());
    }
    if (!pairs.areNone()) {
      json.put("pairs", pairs.toJson());
    }
    if (metadata.rolledBackTo() != 0) {
      json.put("rolledBackTo", metadata.rolledBackTo());
    }
    if (metadata.hold() != null) {
      json.put("hold", metadata.hold().toJson());
    }
    return json;
  }

  @Override
  public String inWords() {
    String what =
        "revision %d: %,d users in %,d bytes (%.1f %% of what a value may have)"
            .formatted(
                metadata.revision(),
                metadata.users(),
                metadata.bytes(),
                100.0 * metadata.bytes() / KvLimits.MAX_VALUE_BYTES);
    if (kind == Kind.PUBLISHED && metadata.change() != null) {
      what += ", " + metadata.change().inWords();
    }
    if (kind == Kind.PUBLISHED && metadata.patch() != null) {
      what += ", a patch of %,d bytes".formatted(metadata.patch().bytes());
    }
    if (!pairs.areNone()) {
      what += ", pairs: " + pairs.inWords();
    }
    if (metadata.rolledBackTo() != 0) {
      what += ", what revision %d said".formatted(metadata.rolledBackTo());
    }
    if (metadata.hold() != null) {
      what += ", " + metadata.hold().inWords();
    }
    return switch (kind) {
      case PUBLISHED -> "published " + what + " in " + times.inWords();
      case UNCHANGED -> "unchanged since " + what + ", compared in " + times.inWords();
      case HELD -> "nothing published, to stay at " + what + "; satchel resume ends it";
    };
  }
}
