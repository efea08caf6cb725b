package dev.satchel.http;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code Retry-After} (RFC 9110, 10.2.3). */
public final class RetryAfter {
  // RFC 9110, 5.6.7: a recipient reads all three forms of a date
  private static final String RFC_850 = "EEEE, dd-MMM-";
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US);
  private static final int YEARS_AHEAD = 50;

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
    String asked = text.strip();
    // a fraction is against the rule, but some servers send one
    if (asked.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
      return Duration.ofSeconds(
          new BigDecimal(asked).setScale(0, RoundingMode.CEILING).longValueExact());
    }
    Instant until = httpDate(asked, now);
    if (until == null) {
      return null;
    }
    Instant sent = date == null ? null : httpDate(date.strip(), now);
    Duration wait = Duration.between(sent == null ? now : sent, until);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private static @Nullable Instant httpDate(String text, Instant now) {
    try {
      if (text.contains("-")) {
        return LocalDateTime.parse(text, rfc850(now)).toInstant(ZoneOffset.UTC);
      }
      return text.contains(",")
          ? ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant()
          : LocalDateTime.parse(text, ASCTIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException malformed) {
      return null;
    }
  }

  /** Returns the form with a two-digit year, which is at most 50 years ahead. */
  private static DateTimeFormatter rfc850(Instant now) {
    int year = now.atOffset(ZoneOffset.UTC).getYear();
    return new DateTimeFormatterBuilder()
        .appendPattern(RFC_850)
        .appendValueReduced(ChronoField.YEAR, 2, 2, year + YEARS_AHEAD - 99)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.US);
  }
}
