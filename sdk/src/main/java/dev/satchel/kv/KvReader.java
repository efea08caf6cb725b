package dev.satchel.kv;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The right to read one namespace. Calls block, at most for the implementation's time limit, and
 * throw {@link KvException} when they fail. Safe for use by any thread.
 */
public interface KvReader extends AutoCloseable {

  /**
   * Returns the whole value under {@code key}, or empty if there is none. The caller may keep and
   * change the array.
   *
   * @param expectedBytes the probable size of the value, so that it need not be copied; 0 if
   *     unknown
   */
  Optional<byte[]> value(String key, int expectedBytes) throws InterruptedException;

  /**
   * Returns the value under {@code key} as {@link #value(String, int)} does, and tells caches on
   * the way which value is expected, so that they do not answer with an earlier one. What is
   * returned may be another all the same.
   *
   * @param sha256 64 lower-case hex digits of the expected value's SHA-256
   */
  default Optional<byte[]> value(String key, int expectedBytes, String sha256)
      throws InterruptedException {
    return value(key, expectedBytes);
  }

  /**
   * Returns the metadata stored with {@code key}, a JSON object as plain Java values; empty if the
   * key is missing or carries none.
   */
  Optional<Map<String, @Nullable Object>> metadata(String key) throws InterruptedException;

  /** Frees what the reader holds; calls under way may end with {@link KvException}. */
  @Override
  default void close() {}
}
