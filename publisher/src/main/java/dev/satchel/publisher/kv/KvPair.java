package dev.satchel.publisher.kv;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One key with its value, as a bulk write takes it.
 *
 * @param metadata at most 1,024 bytes of JSON, or null for none
 */
public record KvPair(String key, Buffer value, @Nullable JsonObject metadata) {
  /** A pair without metadata. */
  public KvPair(String key, Buffer value) {
    this(key, value, null);
  }
}
