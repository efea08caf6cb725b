package dev.satchel.snapshot;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The forms of ISO 8601 that stand for a number, with exactly one text for each number. Years have
 * four digits, 0001 to 9999.
 */
enum TimeText {
  /** A day, {@code 2026-01-31}: days since 1970-01-01. */
  DATE(1, "", 0),
  /** A moment, {@code 2026-01-31T12:00:00.25Z}: microseconds; the fraction ends in no zero. */
  UTC(86_400_000_000L, "Z", 6),
  /** A local time, as {@link #UTC} without the Z. */
  LOCAL(86_400_000_000L, "", 6),
  /** A moment with three digits of fraction, {@code 2026-01-31T12:00:00.250Z}: milliseconds. */
  UTC_MILLIS(86_400_000L, "Z", 3);

  /** The forms in the order of their codes, which is part of the format. */
  static final List<TimeText> CODES = List.of(DATE, UTC, LOCAL, UTC_MILLIS);

  private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

  private final long unitsInDay;
  private final String zone;
  private final int fractionDigits;

  TimeText(long unitsInDay, String zone, int fractionDigits) {
    this.unitsInDay = unitsInDay;
    this.zone = zone;
    this.fractionDigits = fractionDigits;
  }

  /** Returns the code of this form in a snapshot. */
  int code() {
    return CODES.indexOf(this);
  }

  /** Returns the smallest number with a text. */
  long smallest() {
    return FIRST_DAY * unitsInDay;
  }

  /** Returns the largest number with a text. */
  long largest() {
    return (LAST_DAY + 1) * unitsInDay - 1;
  }

  /** Returns the text of a number from {@link #smallest} to {@link #largest}. */
  String text(long number) {
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(number, unitsInDay));
    StringBuilder text = new StringBuilder(32);
    digits(text, day.getYear(), 4);
    digits(text.append('-'), day.getMonthValue(), 2);
    digits(text.append('-'), day.getDayOfMonth(), 2);
    if (this == DATE) {
      return text.toString();
    }
    long inDay = Math.floorMod(number, unitsInDay);
    long unitsInSecond = unitsInDay / 86_400;
    long second = inDay / unitsInSecond;
    digits(text.append('T'), second / 3600, 2);
    digits(text.append(':'), second / 60 % 60, 2);
    digits(text.append(':'), second % 60, 2);
    long fraction = inDay % unitsInSecond;
    if (this == UTC_MILLIS || fraction != 0) {
      digits(text.append('.'), fraction, fractionDigits);
      while (this != UTC_MILLIS && text.charAt(text.length() - 1) == '0') {
        text.setLength(text.length() - 1);
      }
    }
    return text.append(zone).toString();
  }

  private static void digits(StringBuilder text, long value, int count) {
    long power = 1;
    for (int i = 1; i < count; i++) {
      power *= 10;
    }
    for (; power > 0; power /= 10) {
      text.append((char) ('0' + value / power % 10));
    }
  }

  /** Returns the number of a text; null if it is not exactly of this form. */
  @Nullable Long parse(String text) {
    int length = text.length();
    if (this == DATE ? length != 10 : length < 19 || length > 27 || text.charAt(10) != 'T') {
      return null;
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    if (year < 1 || month < 1 || month > 12 || day < 1) {
      return null;
    }
    if (day > LocalDate.of(year, month, 1).lengthOfMonth()) {
      return null;
    }
    long number = LocalDate.of(year, month, day).toEpochDay() * unitsInDay;
    if (this != DATE) {
      int hour = number(text, 11, 13);
      int minute = number(text, 14, 16);
      int second = number(text, 17, 19);
      int fractionEnd = length - zone.length();
      if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
        return null;
      }
      long unitsInSecond = unitsInDay / 86_400;
      number += (hour * 3600L + minute * 60L + second) * unitsInSecond;
      if (fractionEnd > 20) {
        int fraction = number(text, 20, fractionEnd);
        if (fraction < 0 || fractionEnd - 20 > fractionDigits) {
          return null;
        }
        for (int i = fractionEnd - 20; i < fractionDigits; i++) {
          fraction *= 10;
        }
        number += fraction;
      }
    }
    return text(number).equals(text) ? number : null;
  }

  /** Returns the number that the digits spell, or -1. */
  private static int number(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
