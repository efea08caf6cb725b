package dev.satchel.publisher.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats numbers and times as people read them, the same in every locale. */
final class Words {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Words() {}

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String number(double number, int digits) {
    return String.format(Locale.ROOT, "%,." + digits + "f", number);
  }

  /** Formats a number in at most six characters if it is below a billion. */
  static String compact(double number) {
    if (number < 10_000) {
      return count(Math.round(number));
    }
    return number < 1e6
        ? number(number / 1e3, number % 1e3 == 0 ? 0 : 1) + " k"
        : number(number / 1e6, number % 1e6 == 0 ? 0 : 1) + " M";
  }

  /** Formats bytes in the unit that leaves one to three digits before the decimal point. */
  static String bytes(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    return bytes < 1 << 20
        ? number(bytes / 1024.0, 1) + " KiB"
        : number(bytes / 1048576.0, 2) + " MiB";
  }

  /** Formats a percentage with the digits that a small share needs. */
  static String percent(double share) {
    double percent = 100 * share;
    return number(percent, percent < 1 && percent > 0 ? 2 : 1) + " %";
  }

  /** Formats a moment in UTC, which the page says once. */
  static String time(Instant moment) {
    return TIME.format(moment);
  }

  /**
   * Formats an age. A moment in the future, which clocks that differ can produce, counts as now.
   */
  static String age(Instant then, Instant now) {
    return duration(Duration.between(then, now));
  }

  /** Formats a duration in its two largest units; a negative one counts as zero. */
  static String duration(Duration duration) {
    if (duration.isNegative()) {
      return "0 s";
    } else if (duration.toDays() > 0) {
      return duration.toDays() + " d " + duration.toHoursPart() + " h";
    } else if (duration.toHours() > 0) {
      return duration.toHours() + " h " + duration.toMinutesPart() + " min";
    } else if (duration.toMinutes() > 0) {
      return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
    return duration.toSeconds() + " s";
  }
}
