package dev.satchel.snapshot;

import java.util.List;

/**
 * How the rows of one run become those of another: which stay, which go, and where there are new
 * ones. Immutable.
 *
 * <p>A list of steps, each of three counts: rows that are copied, rows of the old run that are left
 * out, and new rows, which are zero at first. Rows of the old run after the last step are left out.
 */
final class RowEdits {
  /** Copies everything, as far as there is room. */
  static final RowEdits NONE = new RowEdits(new int[0]);

  private static final int COUNTS = 3;

  private final int[] steps;

  private RowEdits(int[] steps) {
    this.steps = steps;
  }

  /** Collects steps. */
  static final class Builder {
    private final IntList steps = new IntList();
    private int kept;
    private int dropped;
    private int added;
    private boolean isNeeded;

    void keep(int rows) {
      if (rows > 0 && dropped + added > 0) {
        flush();
      }
      kept += rows;
    }

    void drop(int rows) {
      dropped += rows;
      isNeeded |= rows > 0;
    }

    void add(int rows) {
      added += rows;
      isNeeded |= rows > 0;
    }

    private void flush() {
      steps.add(kept);
      steps.add(dropped);
      steps.add(added);
      kept = dropped = added = 0;
    }

    /** Returns {@link #NONE} if all rows stay. */
    RowEdits build() {
      flush();
      return isNeeded ? new RowEdits(steps.toArray()) : NONE;
    }
  }

  /** Follows the steps in order. */
  interface Visitor {
    void keep(int before, int after, int rows);

    void drop(int before, int rows);

    void add(int after, int rows);
  }

  /** Walks through the steps. With {@link #NONE}, {@code rows} are kept. */
  void forEach(int rows, Visitor visitor) {
    if (this == NONE) {
      visitor.keep(0, 0, rows);
    }
    int before = 0;
    int after = 0;
    for (int i = 0; i < steps.length; i += COUNTS) {
      visitor.keep(before, after, steps[i]);
      before += steps[i];
      after += steps[i];
      visitor.drop(before, steps[i + 1]);
      before += steps[i + 1];
      visitor.add(after, steps[i + 2]);
      after += steps[i + 2];
    }
  }

  void write(ByteWriter out) {
    out.varint(steps.length / COUNTS);
    for (int count : steps) {
      out.varint(count);
    }
  }

  static RowEdits read(ByteReader in) {
    int[] steps = new int[Math.multiplyExact(in.varintCount("steps", in.remaining() / 3), COUNTS)];
    long before = 0;
    long after = 0;
    for (int i = 0; i < steps.length; i++) {
      steps[i] = in.varintCount("rows", Integer.MAX_VALUE - 8);
      before += i % COUNTS < 2 ? steps[i] : 0;
      after += i % COUNTS != 1 ? steps[i] : 0;
    }
    if (Math.max(before, after) > Integer.MAX_VALUE - 8) {
      throw in.bad("at most " + (Integer.MAX_VALUE - 8) + " rows", Math.max(before, after));
    }
    return steps.length == 0 ? NONE : new RowEdits(steps);
  }

  /**
   * Copies the rows that stay into {@code target}, which is zero.
   *
   * @param length how many bytes of the source are its content
   * @param targetLength how many bytes of the target may be written
   * @throws SnapshotFormatException if there are not so many rows, or no room for them
   */
  void copy(byte[] source, int length, int rowBits, byte[] target, int targetLength) {
    if (this == NONE) {
      System.arraycopy(source, 0, target, 0, Math.min(length, targetLength));
      return;
    }
    long from = 0;
    long to = 0;
    for (int i = 0; i < steps.length; i += COUNTS) {
      long bits = (long) steps[i] * rowBits;
      if (from + bits > length * 8L || to + bits > targetLength * 8L) {
        throw new SnapshotFormatException(
            "expected rows of %d bits in %d bytes and room for them in %d but found more in a patch"
                .formatted(rowBits, length, targetLength));
      }
      Bits.copy(source, from, target, to, bits);
      from += bits + (long) steps[i + 1] * rowBits;
      to += bits + (long) steps[i + 2] * rowBits;
    }
  }

  /** Returns whether the steps are the same. */
  boolean isSameAs(RowEdits other) {
    return java.util.Arrays.equals(steps, other.steps);
  }

  /** Returns the number of these steps in a list to which they are added unless they are there. */
  int numberIn(List<RowEdits> all) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).isSameAs(this)) {
        return i;
      }
    }
    all.add(this);
    return all.size() - 1;
  }
}
