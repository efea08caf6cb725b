package dev.satchel.snapshot;

/**
 * How many entries each slot has, 0 to 255, and so where each slot's entries start.
 *
 * <p>There is a byte for each slot and a running total for every eighth: a start is one total plus
 * the sum of up to seven bytes, taken from one 8-byte word. That takes 1.5 bytes for each slot,
 * where an array of starts takes 4, and fits into the second-level cache for a million users.
 */
final class Counts {
  private static final long EVEN_BYTES = 0x00FF00FF00FF00FFL;
  private static final long ONES = 0x0001000100010001L;

  private final byte[] counts;
  private final int[] totals;
  private final int entries;
  private final int longest;

  private Counts(byte[] counts, int[] totals, int entries, int longest) {
    this.counts = counts;
    this.totals = totals;
    this.entries = entries;
    this.longest = longest;
  }

  /**
   * Returns how many bytes {@link #of} needs for this many slots: whole words, with a tail of
   * zeros.
   */
  static int paddedBytes(int slots) {
    return (slots + 7) & ~7;
  }

  /**
   * Makes counts over these bytes, which are kept and not copied.
   *
   * @throws SnapshotFormatException if a count exceeds {@code mostEach}, or their sum exceeds
   *     {@code most}
   */
  static Counts of(byte[] counts, int mostEach, int most, String place) {
    int[] totals = new int[counts.length >>> 3];
    long total = 0;
    long any = 0;
    for (int i = 0; i < totals.length; i++) {
      totals[i] = (int) total;
      long word = LittleEndian.getLong(counts, i << 3);
      any |= word;
      total += sum(word);
      if (total > most) {
        throw new SnapshotFormatException(
            "expected counts of at most " + most + " in all but found more in " + place);
      }
    }
    int longest = longest(counts, any, mostEach);
    if (longest > mostEach) {
      throw new SnapshotFormatException(
          "expected counts of at most " + mostEach + " but found " + longest + " in " + place);
    }
    return new Counts(counts, totals, (int) total, longest);
  }

  /**
   * Returns an upper bound of the counts: the OR of all, or the true maximum if that OR is too
   * large.
   */
  private static int longest(byte[] counts, long any, int mostEach) {
    int bits = 0;
    for (long rest = any; rest != 0; rest >>>= 8) {
      bits |= (int) (rest & 0xFF);
    }
    if (bits <= mostEach) {
      return bits;
    }
    int longest = 0;
    for (byte count : counts) {
      longest = Math.max(longest, count & 0xFF);
    }
    return longest;
  }

  /** Returns the sum of all counts. */
  int entries() {
    return entries;
  }

  /** Returns an upper bound of the counts that is less than twice the largest. */
  int longest() {
    return longest;
  }

  /** Returns the sum of the counts of all slots before this one. */
  int startAt(int slot) {
    long word = LittleEndian.getLong(counts, slot & ~7);
    return totals[slot >>> 3] + sum(word & ((1L << ((slot & 7) << 3)) - 1));
  }

  /** Returns the count of one slot. */
  int countAt(int slot) {
    return counts[slot] & 0xFF;
  }

  long bytes() {
    return counts.length + 4L * totals.length;
  }

  private static int sum(long word) {
    return (int) ((((word & EVEN_BYTES) + ((word >>> 8) & EVEN_BYTES)) * ONES) >>> 48);
  }
}
