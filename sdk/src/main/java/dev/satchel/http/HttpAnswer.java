package dev.satchel.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One whole HTTP answer.
 *
 * @param headers the headers by their names in lower case; if one came twice, the first
 * @param body not copied: do not change it
 * @param hasKnownEnd whether HTTP itself said where the body ends; a body that ends with its
 *     connection looks whole wherever it was cut
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared; a copy is 25 MiB
public record HttpAnswer(
    int status, Map<String, String> headers, byte[] body, boolean hasKnownEnd) {

  /**
   * Returns the header's value, or null if it did not come.
   *
   * @param name in lower case
   */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Returns what {@code Retry-After} asks for; null if it is missing or malformed. */
  public @Nullable Duration retryAfter() {
    return RetryAfter.asked(header("retry-after"), header("date"), Instant.now());
  }
}
