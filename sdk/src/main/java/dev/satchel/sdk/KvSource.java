package dev.satchel.sdk;

import dev.satchel.kv.CloudflareKv;
import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.KvReader;
import dev.satchel.kv.RetryPolicy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A snapshot under one KV key, announced by the metadata that is stored with it.
 *
 * @param whenClosed frees what was made for this source alone
 */
record KvSource(KvReader kv, String key, Supplier<Future<Void>> whenClosed)
    implements SnapshotSource {
  /** The refresh loop tries again itself, and logs changes of state instead of attempts. */
  private static final RetryPolicy ONCE =
      new RetryPolicy(
          1,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          RetryPolicy.DEFAULT.requestTimeout(),
          () -> 0);

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  @Override
  public Future<Optional<Announcement>> announcement() {
    return kv.metadata(key).map(found -> found.map(this::announcementIn));
  }

  @Override
  public Future<Optional<Buffer>> value(Announcement announced) {
    return kv.value(key);
  }

  /** The namespace that the environment describes, under this key; closed with the source. */
  static KvSource fromEnv(Vertx vertx, Map<String, String> env, String key) {
    var kv = CloudflareKv.create(vertx, CloudflareSettings.fromEnv(env), ONCE);
    return new KvSource(kv, key, kv::close);
  }

  @Override
  public Future<Void> close() {
    return whenClosed.get();
  }

  @Override
  public String toString() {
    return "key '" + key + "'";
  }

  private Announcement announcementIn(JsonObject metadata) {
    long revision = whole(metadata, "revision");
    if (revision <= 0
        || !(metadata.getValue("sha256") instanceof String sha256)
        || !SHA256.matcher(sha256).matches()) {
      throw new RefusedException(
          "expected a revision and a sha256 in the metadata of key '%s' but found %s"
              .formatted(key, metadata.fieldNames()));
    }
    return new Announcement(sha256, revision, sha256, whole(metadata, "bytes"));
  }

  private static long whole(JsonObject metadata, String member) {
    Object value = metadata.getValue(member);
    return value instanceof Long || value instanceof Integer
        ? ((Number) value).longValue()
        : Announcement.UNKNOWN;
  }
}
