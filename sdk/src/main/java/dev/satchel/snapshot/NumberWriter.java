package dev.satchel.snapshot;

/** Writes the numbers of a column; the other side of {@link ScalarColumns.Numbers}. */
final class NumberWriter {
  private NumberWriter() {}

  /** Writes numbers. Asks the source once for each. */
  static void write(ByteWriter out, FrameWriter frames, int rows, Codes.CodeSource source) {
    LongList numbers = new LongList();
    long smallest = Long.MAX_VALUE;
    long largest = Long.MIN_VALUE;
    for (int row = 0; row < rows; row++) {
      long number = source.at(row);
      smallest = Math.min(smallest, number);
      largest = Math.max(largest, number);
      numbers.add(number);
    }
    long range = largest - smallest; // unsigned
    long step = range < 0 ? 1 : commonStep(numbers, smallest);
    out.i64(smallest);
    out.i64(step);
    long base = smallest;
    int width = Codes.widthFor(Long.divideUnsigned(range, step));
    Codes.CodeSource codes =
        step == 1 ? row -> numbers.get(row) - base : row -> (numbers.get(row) - base) / step;
    PlaneWriter.write(out, frames, width, rows, codes);
  }

  /** Returns the largest number that divides all differences; 1 if there are none. */
  private static long commonStep(LongList numbers, long smallest) {
    long step = 0;
    for (int row = 0; row < numbers.size() && step != 1; row++) {
      long a = numbers.get(row) - smallest;
      while (a != 0) {
        long rest = step % a;
        step = a;
        a = rest;
      }
    }
    return Math.max(step, 1);
  }

  /**
   * Writes doubles: as whole numbers over a power of ten if all are such quotients, else as bits.
   */
  static void writeDoubles(ByteWriter out, FrameWriter frames, Rows rows) {
    int scale = commonScale(rows);
    if (scale < 0) {
      out.text("doubles");
      PlaneWriter.write(
          out,
          frames,
          64,
          rows.size(),
          row -> Double.doubleToRawLongBits((Double) ColumnWriter.value(rows, row)));
      return;
    }
    double factor = ScalarColumns.ScaledDoubles.powerOfTen(scale);
    out.text("scaled doubles");
    out.u8(scale);
    write(
        out,
        frames,
        rows.size(),
        row -> Math.round((Double) ColumnWriter.value(rows, row) * factor));
  }

  /**
   * Returns the exponent of the smallest power of ten over which all doubles are whole numbers,
   * exactly; -1 if there is none.
   */
  private static int commonScale(Rows rows) {
    int scale = 0;
    double factor = 1;
    for (int row = 0; row < rows.size(); row++) {
      double number = (Double) ColumnWriter.value(rows, row);
      while (!isQuotient(number, factor)) {
        if (scale == 9) {
          return -1;
        }
        scale++;
        factor = ScalarColumns.ScaledDoubles.powerOfTen(scale);
        row = -1; // a finer scale can round what was exact before, so all rows are checked again
        number = 0;
      }
    }
    return scale;
  }

  private static boolean isQuotient(double number, double factor) {
    double scaled = number * factor;
    return Math.abs(scaled) < 1L << 52
        && Double.doubleToRawLongBits(Math.round(scaled) / factor)
            == Double.doubleToRawLongBits(number);
  }
}
