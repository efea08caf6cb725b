package dev.satchel.snapshot;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One value for each row, opened and checked: no method throws for a row in range. Immutable. The
 * rows of a field's column are its users.
 */
abstract class Column {
  /**
   * Results of {@link #booleanAt}: the low bit is the value; the next bit says that there is none.
   */
  static final int FALSE = 0b00;

  static final int TRUE = 0b01;
  static final int NO_BOOLEAN = 0b10;

  /** Returns the value as {@link Field#value} promises it. */
  abstract @Nullable Object value(int row);

  /** Returns an upper bound for the {@link PlainValue#weight} of every value. */
  abstract long weight();

  /**
   * Returns how many bytes the column takes in memory, without the objects that every column has.
   */
  abstract long bytes();

  /** Returns whether the value is {@link Snapshot#ABSENT}. */
  boolean isAbsent(int row) {
    return false;
  }

  /** Returns whether one of the first rows has no value. Costs at most a look at each. */
  boolean hasAbsent(int rows) {
    for (int row = 0; row < rows; row++) {
      if (isAbsent(row)) {
        return true;
      }
    }
    return false;
  }

  /** Returns {@link #TRUE}, {@link #FALSE}, or {@link #NO_BOOLEAN} if the value is no boolean. */
  int booleanAt(int row) {
    return NO_BOOLEAN;
  }

  /**
   * Returns the whole number, or {@code otherwise} if the value is no whole number that fits into a
   * long.
   */
  long longAt(int row, long otherwise) {
    return otherwise;
  }

  /** Returns the number as the nearest double, or {@code otherwise} if the value is no number. */
  double doubleAt(int row, double otherwise) {
    return otherwise;
  }

  /** Returns whether the value is exactly this text. */
  boolean textEquals(int row, String text) {
    return matchAt(row, text, 0) == text.length();
  }

  /**
   * Returns where the value's text ends in {@code text} if it starts there at {@code from}; -1
   * otherwise.
   */
  int matchAt(int row, String text, int from) {
    return -1;
  }

  /** Returns whether the value is a list with this text as an element. */
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

  /**
   * Reads the memory that a lookup of a row reads first, so that it is near afterwards; reads none
   * if that is not worth it. The result is of no use, but a compiler drops what nobody uses.
   */
  int touch(int row) {
    return 0;
  }

  /**
   * Reads the memory that {@link #textEquals} reads for a row, so that it is near afterwards: all
   * of it at once, where a comparison waits for one part after the other. Reads none if that is not
   * worth it. The result is of no use.
   */
  int touchText(int row) {
    return 0;
  }

  /** A column with values of any type, whose methods look at the value. */
  abstract static class OfAnyType extends Column {
    @Override
    boolean isAbsent(int row) {
      return value(row) == Snapshot.ABSENT;
    }

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
