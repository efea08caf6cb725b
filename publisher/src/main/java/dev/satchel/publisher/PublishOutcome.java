package dev.satchel.publisher;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * The result of one publication.
 *
 * @param metadata of the snapshot that is in use afterwards
 */
record PublishOutcome(Kind kind, SnapshotMetadata metadata, StageTimes times) implements Report {

  /** Whether anything was written. */
  enum Kind {
    PUBLISHED,
    UNCHANGED,
    /** Nothing was read or written, because the snapshot in use is held. */
    HELD
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
        "revision %d: %,d users in %,d bytes (%.1f %% of the limit)"
            .formatted(
                metadata.revision(),
                metadata.users(),
                metadata.bytes(),
                100.0 * metadata.bytes() / SizeLimit.VALUE_BYTES);
    if (kind == Kind.PUBLISHED && metadata.change() != null) {
      what += ", " + metadata.change().inWords();
    }
    if (metadata.rolledBackTo() != 0) {
      what += ", the content of revision %d".formatted(metadata.rolledBackTo());
    }
    if (metadata.hold() != null) {
      what += ", " + metadata.hold().inWords();
    }
    return switch (kind) {
      case PUBLISHED -> "published " + what + " in " + times.inWords();
      case UNCHANGED -> "unchanged since " + what + ", compared in " + times.inWords();
      case HELD -> "nothing published, still at " + what + "; satchel resume ends the hold";
    };
  }
}
