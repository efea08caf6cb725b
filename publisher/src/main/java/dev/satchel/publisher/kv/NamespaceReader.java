package dev.satchel.publisher.kv;

import dev.satchel.kv.KvException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The right to read and list one namespace. Safe for use by any thread; futures fail with {@link
 * KvException}.
 */
public interface NamespaceReader {

  /** Returns the whole value under {@code key}, or empty if there is none. */
  Future<Optional<Buffer>> value(String key);

  /**
   * Returns the metadata stored with {@code key}; empty if the key is missing or has none, and an
   * object without members if they are something else.
   */
  Future<Optional<JsonObject>> metadata(String key);

  /**
   * Returns one page of the keys that start with {@code prefix}, in byte order of their names.
   *
   * @param cursor where the previous page ended, or null for the first page
   */
  Future<KeyPage> keys(String prefix, @Nullable String cursor);
}
