package dev.satchel.publisher;

import io.vertx.core.json.JsonObject;

/**
 * What one publication came to.
 *
 * @param metadata of the snapshot that is in use afterwards
 */
record PublishOutcome(Kind kind, SnapshotMetadata metadata, StageTimes times) implements Report {

  /** Whether anything was written. */
  enum Kind {
    PUBLISHED,
    UNCHANGED
  }

  @Override
  public boolean isNews() {
    return kind == Kind.PUBLISHED;
  }

  @Override
  public JsonObject toJson() {
    return new JsonObject()
        .put("outcome", kind == Kind.PUBLISHED ? "published" : "unchanged")
        .put("revision", metadata.revision())
        .put("contentHash", metadata.contentHash())
        .put("users", metadata.users())
        .put("bytes", metadata.bytes())
        .put("publishedAt", metadata.publishedAt().toString())
        .put("seconds", times.toJson());
  }

  @Override
  public String inWords() {
    String what =
        "revision %d: %,d users in %,d bytes (%.1f %% of what a value may have)"
            .formatted(
                metadata.revision(),
                metadata.users(),
                metadata.bytes(),
                100.0 * metadata.bytes() / SizeLimit.VALUE_BYTES);
    return kind == Kind.PUBLISHED
        ? "published " + what + " in " + times.inWords()
        : "unchanged since " + what + ", compared in " + times.inWords();
  }
}
