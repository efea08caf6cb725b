package dev.satchel.kv;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The right to read one namespace. Calls block, for as long as the implementation's time limit at
 * most, and end with {@link KvException} when they fail. Safe for use by any thread.
 */
public interface KvReader extends AutoCloseable {

  /**
   * The whole value under {@code key}, the caller's to keep and change, or empty if there is none.
   *
   * @param expectedBytes what the value probably has, so that it is kept once and not copied; 0 if
   *     nobody knows
   */
  Optional<byte[]> value(String key, int expectedBytes) throws InterruptedException;

  /**
   * The metadata stored with {@code key}, a JSON object as plain Java values; empty if the key is
   * missing or carries none.
   */
  Optional<Map<String, @Nullable Object>> metadata(String key) throws InterruptedException;

  /** Frees what the reader holds; calls under way may end with {@link KvException}. */
  @Override
  default void close() {}
}
