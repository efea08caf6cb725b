package dev.satchel.publisher.kv;

import dev.satchel.kv.KvException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The right to write one namespace. Safe for use by any thread; futures fail with {@link
 * KvException}.
 */
public interface NamespaceWriter {

  /**
   * Replaces value, metadata and expiry of {@code key} as a whole.
   *
   * @param metadata at most 1,024 bytes of JSON, or null for none
   * @param timeToLive at least 60 s, or null to keep the pair until it is deleted
   */
  Future<Void> put(
      String key, Buffer value, @Nullable JsonObject metadata, @Nullable Duration timeToLive);

  /** Deletes {@code key}; a missing key is not an error. */
  Future<Void> delete(String key);

  /** Writes pairs in as many requests as the limits require; each pair is a billed write. */
  Future<Void> putAll(List<KvPair> pairs);

  /** Deletes keys in as many requests as the limits require. */
  Future<Void> deleteAll(List<String> keys);
}
