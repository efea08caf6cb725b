package dev.satchel.kv;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads and writes durations as people write them: {@code 500ms}, {@code 30s}, {@code 1.5s}, {@code
 * 5m}, {@code 12h}, {@code 30d}, {@code 1h30m}, {@code 0}, or ISO-8601 such as {@code PT1M}.
 * Letters are of either case; a count without its unit is refused.
 */
public final class DurationText {
  /** A hundred years: sums with the time now stay far within a long of nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private DurationText() {}

  /** Returns the duration, 0 to a hundred years, or empty if the text is not one. */
  public static Optional<Duration> parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    if (lower.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (lower.matches("[0-9]{1,9}ms")) {
      return Optional.of(Duration.ofMillis(Long.parseLong(lower.substring(0, lower.length() - 2))));
    }
    try {
      Duration duration = Duration.parse(lower.startsWith("p") ? lower : iso(lower));
      return Optional.of(duration).filter(d -> !d.isNegative() && d.compareTo(LONGEST) <= 0);
    } catch (DateTimeParseException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** Puts in the letters that ISO-8601 has before and after the days. */
  private static String iso(String text) {
    int timeAt = text.indexOf('d') + 1;
    String time = text.substring(timeAt);
    return "p" + text.substring(0, timeAt) + (time.isEmpty() ? "" : "t" + time);
  }

  /**
   * Returns the duration, 0 to a hundred years.
   *
   * @param name of the variable or option, for the message
   * @throws IllegalArgumentException if the text is not a duration
   */
  public static Duration read(String name, String text) {
    return parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected %s to be a duration like 30s, 5m, 12h, 30d or PT1M but found '%s'"
                        .formatted(name, text)));
  }

  /** Returns the text in the largest unit that gives a whole number, or else in ISO-8601. */
  public static String of(Duration duration) {
    long seconds = duration.toSeconds();
    if (!duration.equals(Duration.ofSeconds(seconds))) {
      return duration.toString();
    }
    if (seconds <= 0) {
      return seconds + "s";
    }
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
