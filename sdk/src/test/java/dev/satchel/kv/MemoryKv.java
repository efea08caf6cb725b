package dev.satchel.kv;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A namespace in memory that refuses, stalls and forgets when told to. Safe for any thread. */
public final class MemoryKv implements KvReader {

  /** What reads do from now on. */
  public enum Mode {
    /** They answer. */
    SOUND,
    /** They fail as a store that answers 503. */
    REFUSING,
    /** They never complete. */
    STALLED,
    /** They throw instead of answering a future. */
    THROWING
  }

  private final Map<String, Buffer> values = new ConcurrentHashMap<>();
  private final Map<String, JsonObject> metadata = new ConcurrentHashMap<>();
  private final AtomicInteger valueReads = new AtomicInteger();
  private final AtomicInteger metadataReads = new AtomicInteger();
  private volatile Mode metadataMode = Mode.SOUND;
  private volatile Mode valueMode = Mode.SOUND;

  public void put(String key, Buffer value, @Nullable JsonObject about) {
    values.put(key, value);
    metadata.remove(key);
    if (about != null) {
      metadata.put(key, about);
    }
  }

  public void remove(String key) {
    values.remove(key);
    metadata.remove(key);
  }

  public void set(Mode mode) {
    metadataMode = mode;
    valueMode = mode;
  }

  public void setForValues(Mode mode) {
    valueMode = mode;
  }

  public int valueReads() {
    return valueReads.get();
  }

  public int metadataReads() {
    return metadataReads.get();
  }

  @Override
  public Future<Optional<Buffer>> value(String key) {
    valueReads.incrementAndGet();
    return answer(valueMode, Optional.ofNullable(values.get(key)));
  }

  @Override
  public Future<Optional<JsonObject>> metadata(String key) {
    metadataReads.incrementAndGet();
    return answer(metadataMode, Optional.ofNullable(metadata.get(key)).map(JsonObject::copy));
  }

  @Override
  public Future<KeyPage> keys(String prefix, @Nullable String cursor) {
    return Future.failedFuture(new UnsupportedOperationException("this namespace lists no keys"));
  }

  private static <T> Future<T> answer(Mode mode, T found) {
    return switch (mode) {
      case SOUND -> Future.succeededFuture(found);
      case REFUSING ->
          Future.failedFuture(new KvException("expected status 200 but found 503", 503, 0));
      case STALLED -> Promise.<T>promise().future();
      case THROWING -> throw new IllegalStateException("thrown, not answered");
    };
  }
}
