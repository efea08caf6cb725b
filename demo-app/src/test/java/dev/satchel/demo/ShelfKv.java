package dev.satchel.demo;

import dev.satchel.kv.KeyPage;
import dev.satchel.kv.KvReader;
import dev.satchel.snapshot.SnapshotEncoder;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A namespace in memory, with a switch that takes it down. Safe for any thread. */
final class ShelfKv implements KvReader {
  private final Map<String, Buffer> values = new ConcurrentHashMap<>();
  private final Map<String, JsonObject> metadata = new ConcurrentHashMap<>();
  private final AtomicInteger valueReads = new AtomicInteger();
  private volatile boolean down;
  private volatile Future<Void> held = Future.succeededFuture();

  void put(String key, Buffer value) {
    values.put(key, value);
  }

  void setDown(boolean down) {
    this.down = down;
  }

  /** Lets values that are asked for from now on wait. */
  void holdUntil(Future<Void> release) {
    held = release;
  }

  int valueReads() {
    return valueReads.get();
  }

  /** Publishes users of the tutorial's one field. */
  void publish(long revision, Map<String, Boolean> users) {
    var encoder = new SnapshotEncoder(List.of(DemoServer.PREVIEW_FIELD));
    users.forEach((id, enabled) -> encoder.add(id, new @Nullable Object[] {enabled}));
    byte[] bytes = encoder.encode(revision, Instant.parse("2026-03-01T12:00:00Z"));
    values.put("user-configs", Buffer.buffer(bytes));
    metadata.put(
        "user-configs", new JsonObject().put("revision", revision).put("sha256", sha256(bytes)));
  }

  @Override
  public Future<Optional<Buffer>> value(String key) {
    valueReads.incrementAndGet();
    return down ? failure() : held.map(let -> Optional.ofNullable(values.get(key)));
  }

  @Override
  public Future<Optional<JsonObject>> metadata(String key) {
    return down ? failure() : Future.succeededFuture(Optional.ofNullable(metadata.get(key)));
  }

  @Override
  public Future<KeyPage> keys(String prefix, @Nullable String cursor) {
    return Future.failedFuture(new UnsupportedOperationException("this namespace lists no keys"));
  }

  private static <T> Future<T> failure() {
    return Future.failedFuture(new IllegalStateException("the <store> is down"));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
