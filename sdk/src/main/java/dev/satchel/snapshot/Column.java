package dev.satchel.snapshot;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One value for each of a number of rows, opened and checked: no method throws for a row in range.
 * Immutable. The rows of a field's column are its users.
 */
abstract class Column {
  /** Answers of {@link #booleanAt}: the low bit is the value, the next says that there is none. */
  static final int FALSE = 0b00;

  static final int TRUE = 0b01;
  static final int NO_BOOLEAN = 0b10;

  /** The value as {@link Field#value} promises it. */
  abstract @Nullable Object value(int row);

  /** What no value of the column weighs more than; {@link PlainValue#weight} says of what. */
  abstract long weight();

  /** Bytes in memory, without what every column has. */
  abstract long bytes();

  /** {@link #TRUE}, {@link #FALSE}, or {@link #NO_BOOLEAN} where the value is no boolean. */
  int booleanAt(int row) {
    return NO_BOOLEAN;
  }

  /** The whole number, or {@code otherwise} where the value is none that fits into a long. */
  long longAt(int row, long otherwise) {
    return otherwise;
  }

  /** The number as the nearest double, or {@code otherwise} where the value is none. */
  double doubleAt(int row, double otherwise) {
    return otherwise;
  }

  /** Whether the value is exactly this text. */
  boolean textEquals(int row, String text) {
    return matchAt(row, text, 0) == text.length();
  }

  /** Where the value's text ends if {@code text} has it at {@code from}, else -1. */
  int matchAt(int row, String text, int from) {
    return -1;
  }

  /** Whether the value is a list that has this text in it. */
  boolean contains(int row, String element) {
    return false;
  }

  static int match(@Nullable Object value, String text, int from) {
    return value instanceof String start && text.startsWith(start, from)
        ? from + start.length()
        : -1;
  }

  static long longOf(@Nullable Object value, long otherwise) {
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Double number) {
      long whole = number.longValue();
      return whole == number && whole != Long.MAX_VALUE ? whole : otherwise;
    }
    if (value instanceof BigDecimal number) {
      try {
        return number.longValueExact();
      } catch (ArithmeticException e) {
        return otherwise;
      }
    }
    return otherwise;
  }

  /** A column whose values can be of any type and are looked at to tell. */
  abstract static class OfAnyType extends Column {
    @Override
    int booleanAt(int row) {
      return value(row) instanceof Boolean value ? (value ? TRUE : FALSE) : NO_BOOLEAN;
    }

    @Override
    long longAt(int row, long otherwise) {
      return longOf(value(row), otherwise);
    }

    @Override
    double doubleAt(int row, double otherwise) {
      return value(row) instanceof Number number ? number.doubleValue() : otherwise;
    }

    @Override
    int matchAt(int row, String text, int from) {
      return match(value(row), text, from);
    }

    @Override
    boolean contains(int row, String element) {
      return value(row) instanceof List<?> list && list.contains(element);
    }
  }
}
