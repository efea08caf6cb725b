package dev.satchel.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code Retry-After} (RFC 9110, 10.2.3). */
public final class RetryAfter {
  private RetryAfter() {}

  /**
   * Returns how long the server asks clients to wait, zero or more; null if the header is missing
   * or malformed.
   *
   * @param text the header: seconds, or a date
   * @param date the answer's own {@code Date}, since the server's clock may differ from ours
   * @param now the time that a date counts from if the answer had no {@code Date}
   */
  public static @Nullable Duration asked(
      @Nullable String text, @Nullable String date, Instant now) {
    if (text == null) {
      return null;
    }
    if (text.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    Instant until = httpDate(text);
    if (until == null) {
      return null;
    }
    Instant sent = date == null ? null : httpDate(date);
    Duration wait = Duration.between(sent == null ? now : sent, until);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private static @Nullable Instant httpDate(String text) {
    try {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException malformed) {
      return null;
    }
  }
}
