package dev.satchel.demo;

import dev.satchel.kv.Digests;
import dev.satchel.kv.KvReader;
import dev.satchel.kv.PublishedValue;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.snapshot.SnapshotEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A namespace in memory, with a switch that takes it down. Safe for any thread. */
final class ShelfKv implements KvReader {
  private final Map<String, byte[]> values = new ConcurrentHashMap<>();
  private final Map<String, Map<String, @Nullable Object>> metadata = new ConcurrentHashMap<>();
  private final AtomicInteger valueReads = new AtomicInteger();
  private volatile boolean down;
  private volatile CompletableFuture<Void> held = CompletableFuture.completedFuture(null);

  void put(String key, String value) {
    put(key, value.getBytes(StandardCharsets.UTF_8));
  }

  void put(String key, byte[] value) {
    values.put(key, value);
  }

  void setDown(boolean down) {
    this.down = down;
  }

  /** Lets values that are asked for from now on wait. */
  void holdUntil(CompletableFuture<Void> release) {
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
    values.put(ConfigClientOptions.DEFAULT_KEY, bytes);
    metadata.put(
        ConfigClientOptions.DEFAULT_KEY,
        Map.of(PublishedValue.REVISION, revision, PublishedValue.SHA256, Digests.sha256(bytes)));
  }

  /** What was published, for a client. */
  SnapshotSource source() {
    return SnapshotSource.of(this, ConfigClientOptions.DEFAULT_KEY);
  }

  @Override
  public Optional<byte[]> value(String key, int expectedBytes) {
    valueReads.incrementAndGet();
    failIfDown();
    held.join();
    return Optional.ofNullable(values.get(key)).map(byte[]::clone);
  }

  @Override
  public Optional<Map<String, @Nullable Object>> metadata(String key) {
    failIfDown();
    return Optional.ofNullable(metadata.get(key));
  }

  private void failIfDown() {
    if (down) {
      throw new IllegalStateException("the <store> is down");
    }
  }
}
