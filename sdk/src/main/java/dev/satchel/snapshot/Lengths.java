package dev.satchel.snapshot;

import org.jspecify.annotations.Nullable;

/** How many bytes or elements each row has, and so where they start. */
final class Lengths {
  private final @Nullable Counts counts;
  private final int[] starts;
  private final int longest;

  private Lengths(@Nullable Counts counts, int[] starts, int longest) {
    this.counts = counts;
    this.starts = starts;
    this.longest = longest;
  }

  /** Makes lengths of at most 255, a byte each, padded as {@link Counts#paddedBytes} says. */
  static Lengths ofBytes(byte[] bytes, int most, String place) {
    Counts counts = Counts.of(bytes, 255, most, place);
    return new Lengths(counts, new int[0], counts.longest());
  }

  /** Makes lengths of any size, four bytes each. Costs a pass over the rows. */
  static Lengths ofInts(byte[] bytes, int rows, int mostEach, int most, String place) {
    int[] starts = new int[rows + 1];
    long total = 0;
    long longest = 0;
    for (int row = 0; row < rows; row++) {
      long length = LittleEndian.getInt(bytes, row * 4) & 0xFFFFFFFFL;
      total += length;
      longest = Math.max(longest, length);
      if (length > mostEach || total > most) {
        throw new SnapshotFormatException(
            "expected lengths of at most %d and %d in all but found more in %s"
                .formatted(mostEach, most, place));
      }
      starts[row + 1] = (int) total;
    }
    return new Lengths(null, starts, (int) longest);
  }

  /** Returns an upper bound of the lengths. */
  int longest() {
    return longest;
  }

  int total() {
    return counts != null ? counts.entries() : starts[starts.length - 1];
  }

  int startAt(int row) {
    return counts != null ? counts.startAt(row) : starts[row];
  }

  int lengthAt(int row) {
    return counts != null ? counts.countAt(row) : starts[row + 1] - starts[row];
  }

  long bytes() {
    return counts != null ? counts.bytes() : 4L * starts.length;
  }
}
