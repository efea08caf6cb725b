package dev.satchel.publisher.store;

import dev.satchel.kv.Digests;
import dev.satchel.kv.KvLimits;
import dev.satchel.kv.PublishedPatch;
import dev.satchel.kv.PublishedValue;
import dev.satchel.publisher.text.HostName;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What KV stores with a snapshot, and all that readers poll: 300 to 1,024 bytes of JSON.
 *
 * @param sha256 of the value, 64 hex digits
 * @param host that published it; null where an older Satchel did not say
 * @param change against the snapshot in use before; null if there was none to compare with
 * @param rolledBackTo the revision whose content this is, 0 if the content came from the database
 * @param hold null unless this snapshot is held
 * @param signedBy the id of the key that signed it, or null if none did
 * @param patch to this value from the one before, or null if there is none
 */
public record SnapshotMetadata(
    long revision,
    String contentHash,
    String sha256,
    int users,
    long bytes,
    Instant publishedAt,
    int formatVersion,
    @Nullable String host,
    @Nullable UsersChange change,
    long rolledBackTo,
    @Nullable Hold hold,
    @Nullable String signedBy,
    @Nullable PublishedPatch patch) {

  private static final int MAX_HOST_BYTES = 63;

  /** Control, formatting and unassigned characters, lone surrogates, and line ends. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  /** The latest time accepted: arithmetic on later times could overflow. */
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  /** Describes a snapshot and the value it was opened from. */
  public static SnapshotMetadata of(Snapshot snapshot, byte[] value) {
    return of(snapshot, Digests.sha256(value));
  }

  /** Describes a snapshot and the value it was opened from, which has this SHA-256. */
  public static SnapshotMetadata of(Snapshot snapshot, String sha256) {
    return new SnapshotMetadata(
        snapshot.revision(),
        snapshot.contentHash(),
        sha256,
        snapshot.users(),
        snapshot.bytes(),
        snapshot.publishedAt(),
        snapshot.formatVersion(),
        HostName.cut("", MAX_HOST_BYTES),
        null,
        0,
        null,
        snapshot.signedBy(),
        null);
  }

  public SnapshotMetadata withChange(@Nullable UsersChange change) {
    return with(change, rolledBackTo, hold, patch);
  }

  /** Returns the same with this patch, or without one if there would be too much to say. */
  public SnapshotMetadata withPatch(@Nullable PublishedPatch patch) {
    var told = with(change, rolledBackTo, hold, patch);
    int length = told.toJson().encode().getBytes(StandardCharsets.UTF_8).length;
    return patch == null || length <= KvLimits.MAX_METADATA_BYTES ? told : withPatch(null);
  }

  public SnapshotMetadata withHold(@Nullable Hold hold, long rolledBackTo) {
    return with(change, rolledBackTo, hold, patch);
  }

  /** Returns the same value with other words about it. */
  private SnapshotMetadata with(
      @Nullable UsersChange change,
      long rolledBackTo,
      @Nullable Hold hold,
      @Nullable PublishedPatch patch) {
    return new SnapshotMetadata(
        revision,
        contentHash,
        sha256,
        users,
        bytes,
        publishedAt,
        formatVersion,
        host,
        change,
        rolledBackTo,
        hold,
        signedBy,
        patch);
  }

  /**
   * Reads what {@link #toJson} wrote; empty if this is something else. Whoever has the token may
   * have written it: nothing in it is true because it stands there, but every number and time can
   * be reckoned with, and every text can be printed.
   */
  public static Optional<SnapshotMetadata> fromJson(JsonObject json) {
    try {
      String contentHash = json.getString("contentHash");
      String publishedAt = json.getString("publishedAt");
      PublishedValue value = PublishedValue.of(json.getMap()).orElse(null);
      if (contentHash == null
          || !PublishedValue.isDigest(contentHash)
          || publishedAt == null
          || value == null) {
        return Optional.empty();
      }
      var published = time(publishedAt);
      return Optional.of(
          new SnapshotMetadata(
              value.revision(),
              contentHash,
              value.sha256(),
              (int) Math.min(whole(json, "users"), Integer.MAX_VALUE),
              value.bytes(),
              published,
              (int) Math.min(whole(json, "formatVersion"), Integer.MAX_VALUE),
              text(json, "host"),
              UsersChange.fromJson(json.getValue("change")),
              whole(json, "rolledBackTo"),
              Hold.fromJson(json.getValue("hold"), published),
              text(json, "signedBy"),
              PublishedPatch.of(members(json)).orElse(null)));
    } catch (ClassCastException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Reads a time that can be reckoned with; throws for any other. */
  static Instant time(String text) {
    var time = Instant.parse(text);
    if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
      throw new DateTimeException("a time from 1970 to 9999 is expected");
    }
    return time;
  }

  private static @Nullable String text(JsonObject json, String member) {
    return json.getValue(member) instanceof String text ? printable(text) : null;
  }

  /** Returns untrusted text in one line, without characters that could start another line. */
  static String printable(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("?");
  }

  private static Map<String, Object> members(JsonObject json) {
    return json.getValue(PublishedPatch.PATCH) instanceof JsonObject patch
        ? Map.of(PublishedPatch.PATCH, patch.getMap())
        : Map.of();
  }

  private static long whole(JsonObject json, String member) {
    return PublishedValue.whole(json.getValue(member));
  }

  public JsonObject toJson() {
    var json =
        new JsonObject()
            .put(PublishedValue.REVISION, revision)
            .put("contentHash", contentHash)
            .put(PublishedValue.SHA256, sha256)
            .put("users", users)
            .put(PublishedValue.BYTES, bytes)
            .put("publishedAt", publishedAt.toString())
            .put("formatVersion", formatVersion);
    if (host != null) {
      json.put("host", host);
    }
    if (change != null) {
      json.put("change", change.toJson());
    }
    if (rolledBackTo != 0) {
      json.put("rolledBackTo", rolledBackTo);
    }
    if (hold != null) {
      json.put("hold", hold.toJson());
    }
    if (signedBy != null) {
      json.put("signedBy", signedBy);
    }
    if (patch != null) {
      json.put(PublishedPatch.PATCH, new JsonObject(patch.toMap()));
    }
    return json;
  }

  /** Returns whether both describe the same value. */
  boolean isOfTheSameValueAs(SnapshotMetadata other) {
    return revision == other.revision && sha256.equals(other.sha256);
  }

  /** Returns whether a reader of this one would gain nothing by reading the other. */
  public boolean saysTheSameAs(SnapshotMetadata other) {
    return contentHash.equals(other.contentHash)
        && formatVersion == other.formatVersion
        && Objects.equals(signedBy, other.signedBy);
  }
}
