package dev.satchel.publisher;

import dev.satchel.snapshot.Snapshot;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What lies in KV beside a snapshot, and is all that readers poll: about 300 bytes of JSON.
 *
 * @param sha256 of the value, 64 hex digits
 */
record SnapshotMetadata(
    long revision,
    String contentHash,
    String sha256,
    int users,
    long bytes,
    Instant publishedAt,
    int formatVersion) {

  /** Describes a snapshot and the value it was opened from. */
  static SnapshotMetadata of(Snapshot snapshot, byte[] value) {
    return new SnapshotMetadata(
        snapshot.revision(),
        snapshot.contentHash(),
        sha256(value),
        snapshot.users(),
        value.length,
        snapshot.publishedAt(),
        snapshot.formatVersion());
  }

  /** What {@link #toJson} wrote, or empty if this is not its like. */
  static Optional<SnapshotMetadata> fromJson(JsonObject json) {
    try {
      String contentHash = json.getString("contentHash");
      String sha256 = json.getString("sha256");
      String publishedAt = json.getString("publishedAt");
      long revision = json.getLong("revision", 0L);
      if (contentHash == null || sha256 == null || publishedAt == null || revision < 1) {
        return Optional.empty();
      }
      return Optional.of(
          new SnapshotMetadata(
              revision,
              contentHash,
              sha256,
              json.getInteger("users", 0),
              json.getLong("bytes", 0L),
              Instant.parse(publishedAt),
              json.getInteger("formatVersion", 0)));
    } catch (ClassCastException | DateTimeException e) {
      return Optional.empty();
    }
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("revision", revision)
        .put("contentHash", contentHash)
        .put("sha256", sha256)
        .put("users", users)
        .put("bytes", bytes)
        .put("publishedAt", publishedAt.toString())
        .put("formatVersion", formatVersion);
  }

  /** Whether a reader of this one would gain nothing by reading the other. */
  boolean saysTheSameAs(SnapshotMetadata other) {
    return contentHash.equals(other.contentHash) && formatVersion == other.formatVersion;
  }

  static String sha256(byte[] value) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
