package dev.satchel.snapshot;

import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The columns of numbers, and those that hold or point to values of any type. */
final class ScalarColumns {
  private ScalarColumns() {}

  /** The same value for every row. */
  static final class Constant extends Column.OfAnyType {
    static final Constant ABSENT = new Constant(Snapshot.ABSENT);

    private final @Nullable Object value;

    Constant(@Nullable Object value) {
      this.value = value;
    }

    @Override
    @Nullable Object value(int row) {
      return value;
    }

    @Override
    long weight() {
      return PlainValue.weight(value);
    }

    @Override
    long bytes() {
      return 0;
    }
  }

  /** A few values of any type, held as objects. */
  static final class Values extends Column.OfAnyType {
    private final @Nullable Object[] values;
    private final long heaviest;
    private final long heldBytes;

    Values(@Nullable Object[] values, long heldBytes) {
      this.values = values;
      this.heldBytes = heldBytes;
      long most = 0;
      for (Object value : values) {
        most = Math.max(most, PlainValue.weight(value));
      }
      this.heaviest = most;
    }

    @Override
    @Nullable Object value(int row) {
      return values[row];
    }

    @Override
    int booleanAt(int row) {
      Object value = values[row]; // the reader uses only the two constants
      return value == Boolean.TRUE ? TRUE : value == Boolean.FALSE ? FALSE : NO_BOOLEAN;
    }

    @Override
    boolean textEquals(int row, String text) {
      return text.equals(values[row]);
    }

    @Override
    long weight() {
      return heaviest;
    }

    @Override
    long bytes() {
      return heldBytes;
    }
  }

  /**
   * Codes that point into a column of distinct values. A code after the last one is an absent
   * value.
   */
  static class Dictionary extends Column {
    final Codes codes;
    final Column entries;
    final int size;

    /** Decides whether to keep values that were made from the entries. */
    private final boolean keeps;

    /** Values that were made before; two threads may make the same one, which is harmless. */
    private @Nullable Object @Nullable [] made;

    Dictionary(Codes codes, Column entries, int size, boolean keeps) {
      this.codes = codes;
      this.entries = entries;
      this.size = size;
      this.keeps = keeps;
    }

    @Override
    @Nullable Object value(int row) {
      int code = (int) codes.at(row);
      if (code >= size) {
        return Snapshot.ABSENT;
      }
      if (!keeps) {
        return entries.value(code);
      }
      @Nullable Object[] known = made;
      if (known == null) {
        known = new @Nullable Object[size];
        made = known;
      }
      Object value = known[code];
      if (value == null) {
        value = entries.value(code);
        known[code] = value;
      }
      return value;
    }

    @Override
    boolean isAbsent(int row) {
      int code = (int) codes.at(row);
      return code >= size || entries.isAbsent(code);
    }

    @Override
    boolean hasAbsent(int rows) {
      return entries.hasAbsent(size) ? super.hasAbsent(rows) : !codes.areBelow(size, rows);
    }

    @Override
    int touch(int row) {
      return codes.touch(row);
    }

    @Override
    int touchText(int row) {
      return (int) codes.at(row);
    }

    @Override
    int booleanAt(int row) {
      int code = (int) codes.at(row);
      return code < size ? entries.booleanAt(code) : NO_BOOLEAN;
    }

    @Override
    long longAt(int row, long otherwise) {
      int code = (int) codes.at(row);
      return code < size ? entries.longAt(code, otherwise) : otherwise;
    }

    @Override
    double doubleAt(int row, double otherwise) {
      int code = (int) codes.at(row);
      return code < size ? entries.doubleAt(code, otherwise) : otherwise;
    }

    @Override
    boolean textEquals(int row, String text) {
      int code = (int) codes.at(row);
      return code < size && entries.textEquals(code, text);
    }

    @Override
    int matchAt(int row, String text, int from) {
      int code = (int) codes.at(row);
      return code < size ? entries.matchAt(code, text, from) : -1;
    }

    @Override
    boolean contains(int row, String element) {
      int code = (int) codes.at(row);
      return code < size && entries.contains(code, element);
    }

    @Override
    long weight() {
      return entries.weight();
    }

    @Override
    long bytes() {
      return codes.bytes() + entries.bytes();
    }
  }

  /**
   * A boolean for every row: a dictionary of true and false, in one plane with a bit for each row.
   */
  static final class Flags extends Dictionary {
    private final byte[] plane;

    /** The result of {@link #booleanAt} for the first code; the second code has the other one. */
    private final int first;

    Flags(Codes codes, Column entries, int size, boolean keeps) {
      super(codes, entries, size, keeps);
      this.plane = codes.onlyPlane();
      this.first = entries.booleanAt(0);
    }

    static boolean suits(Codes codes, Column entries, int size) {
      return codes.isOnePlane()
          && codes.width() == 1
          && size == 2
          && entries.booleanAt(0) + entries.booleanAt(1) == FALSE + TRUE;
    }

    @Override
    int touch(int row) {
      return plane[row >>> 3];
    }

    @Override
    int booleanAt(int row) {
      return ((plane[row >>> 3] >>> (row & 7)) & 1) ^ first;
    }
  }

  /** A dictionary of at most 16 codes, all in one plane. */
  static final class NarrowDictionary extends Dictionary {
    private final byte[] plane;
    private final int widthLog;
    private final int codeMask;

    /** The results of {@link #booleanAt} for all codes, two bits each, the first code's lowest. */
    private final long booleans;

    NarrowDictionary(Codes codes, Column entries, int size, boolean keeps) {
      super(codes, entries, size, keeps);
      this.plane = codes.onlyPlane();
      this.widthLog = codes.onlyWidthLog();
      this.codeMask = (1 << (1 << widthLog)) - 1;
      long answers = 0;
      for (int code = 0; code <= codeMask; code++) {
        long answer = code < size ? entries.booleanAt(code) : NO_BOOLEAN;
        answers |= answer << (2 * code);
      }
      this.booleans = answers;
    }

    static boolean suits(Codes codes) {
      return codes.isOnePlane() && codes.width() <= 4;
    }

    @Override
    int booleanAt(int row) {
      long bit = (long) row << widthLog;
      int code = (plane[(int) (bit >>> 3)] >>> (bit & 7)) & codeMask;
      return (int) (booleans >>> (2 * code)) & 3;
    }
  }

  /** Each row's choice of one of several columns over the same rows. */
  static final class Choice extends Column {
    private final Codes codes;
    private final Column[] children;

    /** Takes the children, and an absent column for each code without one. */
    Choice(Codes codes, int choices, Column[] children) {
      this.codes = codes;
      this.children = new Column[choices];
      Arrays.fill(this.children, Constant.ABSENT);
      System.arraycopy(children, 0, this.children, 0, children.length);
    }

    Column child(int row) {
      return children[(int) codes.at(row)];
    }

    @Override
    @Nullable Object value(int row) {
      return child(row).value(row);
    }

    @Override
    boolean isAbsent(int row) {
      return child(row).isAbsent(row);
    }

    @Override
    int booleanAt(int row) {
      return child(row).booleanAt(row);
    }

    @Override
    long longAt(int row, long otherwise) {
      return child(row).longAt(row, otherwise);
    }

    @Override
    double doubleAt(int row, double otherwise) {
      return child(row).doubleAt(row, otherwise);
    }

    @Override
    boolean textEquals(int row, String text) {
      return child(row).textEquals(row, text);
    }

    @Override
    int matchAt(int row, String text, int from) {
      return child(row).matchAt(row, text, from);
    }

    @Override
    boolean contains(int row, String element) {
      return child(row).contains(row, element);
    }

    @Override
    long weight() {
      return Arrays.stream(children).mapToLong(Column::weight).max().orElse(0);
    }

    @Override
    long bytes() {
      return codes.bytes() + Arrays.stream(children).mapToLong(Column::bytes).sum();
    }
  }

  /** Whole numbers: a smallest one and multiples of a step above it. */
  static final class Numbers extends Column {
    private final long smallest;
    private final long step;
    private final Codes codes;

    Numbers(long smallest, long step, Codes codes) {
      this.smallest = smallest;
      this.step = step;
      this.codes = codes;
    }

    @Override
    int touch(int row) {
      return codes.touch(row);
    }

    @Override
    int touchText(int row) {
      return (int) codes.at(row);
    }

    long numberAt(int row) {
      return smallest + step * codes.at(row);
    }

    @Override
    Object value(int row) {
      return numberAt(row);
    }

    @Override
    long longAt(int row, long otherwise) {
      return numberAt(row);
    }

    @Override
    double doubleAt(int row, double otherwise) {
      return numberAt(row);
    }

    @Override
    long weight() {
      return PlainValue.NODE_WEIGHT;
    }

    @Override
    long bytes() {
      return codes.bytes();
    }
  }

  /** Doubles as their IEEE 754 bits; values that are not finite read as absent. */
  static final class Doubles extends Column {
    final Codes codes;

    Doubles(Codes codes) {
      this.codes = codes;
    }

    @Override
    Object value(int row) {
      double value = Double.longBitsToDouble(codes.at(row));
      return Double.isFinite(value) ? (Object) value : Snapshot.ABSENT;
    }

    @Override
    boolean isAbsent(int row) {
      return !Double.isFinite(Double.longBitsToDouble(codes.at(row)));
    }

    @Override
    double doubleAt(int row, double otherwise) {
      double value = Double.longBitsToDouble(codes.at(row));
      return Double.isFinite(value) ? value : otherwise;
    }

    @Override
    long longAt(int row, long otherwise) {
      return longOf(value(row), otherwise);
    }

    @Override
    long weight() {
      return PlainValue.NODE_WEIGHT;
    }

    @Override
    long bytes() {
      return codes.bytes();
    }
  }

  /** Doubles that are short decimals: a whole number over a power of ten, correctly rounded. */
  static final class ScaledDoubles extends Column {
    private final Numbers numbers;
    private final double divisor;

    ScaledDoubles(Numbers numbers, int scale) {
      this.numbers = numbers;
      this.divisor = powerOfTen(scale);
    }

    /** Returns a power of ten, exact for scales up to 22: larger powers are no doubles. */
    static double powerOfTen(int scale) {
      return new BigDecimal("1e" + scale).doubleValue();
    }

    @Override
    Object value(int row) {
      return numbers.numberAt(row) / divisor;
    }

    @Override
    long longAt(int row, long otherwise) {
      return longOf(value(row), otherwise);
    }

    @Override
    double doubleAt(int row, double otherwise) {
      return numbers.numberAt(row) / divisor;
    }

    @Override
    long weight() {
      return PlainValue.NODE_WEIGHT;
    }

    @Override
    long bytes() {
      return numbers.bytes();
    }
  }

  /** Decimals of one scale. */
  static final class Decimals extends Column {
    final Numbers numbers;
    final int scale;

    Decimals(Numbers numbers, int scale) {
      this.numbers = numbers;
      this.scale = scale;
    }

    @Override
    Object value(int row) {
      return BigDecimal.valueOf(numbers.numberAt(row), scale);
    }

    @Override
    long longAt(int row, long otherwise) {
      return longOf(value(row), otherwise);
    }

    @Override
    double doubleAt(int row, double otherwise) {
      return BigDecimal.valueOf(numbers.numberAt(row), scale).doubleValue();
    }

    @Override
    long weight() {
      return PlainValue.NODE_WEIGHT;
    }

    @Override
    long bytes() {
      return numbers.bytes();
    }
  }
}
