package dev.satchel.benchmarks;

/**
 * Open addressing with linear probing, at most half full: two longs for each id, and a bit for its
 * answer. Nothing is checked, compressed or counted, which makes it the lower limit for every
 * lookup.
 */
final class PlainTable {
  private final long[] ids;
  private final long[] answers;
  private final int shift;
  private final int mask;

  PlainTable(int users) {
    int bits = Math.max(Integer.SIZE - Integer.numberOfLeadingZeros(users * 2 - 1), 6);
    ids = new long[2 << bits];
    answers = new long[1 << (bits - 6)];
    shift = Long.SIZE - bits;
    mask = (1 << bits) - 1;
  }

  private int slot(long high, long low) {
    return (int) (((high ^ low) * 0x9E3779B97F4A7C15L) >>> shift);
  }

  /** Adds an id that is not there yet; two zeros do not make an id. */
  void put(long high, long low, boolean answer) {
    int slot = slot(high, low);
    while ((ids[2 * slot] | ids[2 * slot + 1]) != 0) {
      slot = (slot + 1) & mask;
    }
    ids[2 * slot] = high;
    ids[2 * slot + 1] = low;
    if (answer) {
      answers[slot >>> 6] |= 1L << slot;
    }
  }

  boolean isSet(long high, long low) {
    for (int slot = slot(high, low); ; slot = (slot + 1) & mask) {
      long foundHigh = ids[2 * slot];
      long foundLow = ids[2 * slot + 1];
      if (foundHigh == high && foundLow == low) {
        return (answers[slot >>> 6] >>> slot & 1) != 0;
      }
      if ((foundHigh | foundLow) == 0) {
        return false;
      }
    }
  }
}
