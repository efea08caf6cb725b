package dev.satchel.publisher.text;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes durations as people type them: {@code 30s}, {@code 5m}, {@code 1h}, {@code 30d}
 * or ISO-8601.
 */
public final class DurationText {
  /** A hundred years: adding it to the present time stays far within a long of nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})([smhd])");

  private DurationText() {}

  /** Writes a duration in the largest unit that divides it exactly, or in ISO-8601. */
  public static String of(Duration duration) {
    long seconds = duration.toSeconds();
    if (!duration.equals(Duration.ofSeconds(seconds))) {
      return duration.toString();
    }
    return seconds % 86_400 == 0 && seconds > 0
        ? seconds / 86_400 + "d"
        : seconds % 3_600 == 0 && seconds > 0
            ? seconds / 3_600 + "h"
            : seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
  }

  /** Returns the duration, from 0 to a hundred years, or empty if the text is not one. */
  public static Optional<Duration> parse(String text) {
    return read(text)
        .filter(duration -> !duration.isNegative() && duration.compareTo(LONGEST) <= 0);
  }

  private static Optional<Duration> read(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    Matcher matcher = SHORT.matcher(lower);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      return Optional.of(
          switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          });
    }
    if (lower.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    try {
      return Optional.of(Duration.parse(lower));
    } catch (DateTimeParseException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
