package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

/**
 * The user ids that are numbers of up to 128 bits, sorted, searchable without allocating.
 *
 * <p>What is stored is also the index. The upper {@code bucketBits} of a number (a few users to
 * each value) only say how many ids share them; the bits below are kept for each user: the upper 1
 * to 8 of them as its print, a byte, and the others as its entry, whole bytes.
 *
 * <p>A lookup reads one long of the directory, compares the prints of eight users at once, and
 * compares one entry. That entry is the only memory that is not in a near cache, and which one it
 * is hardly ever depends on a branch that a processor cannot foresee: a wrong guess would cost it
 * the whole wait for that memory. The loop over all that may be in a bucket is apart, for the one
 * lookup in a hundred that needs it.
 */
final class NumericIds implements NumberSearch {
  /** Bytes behind the last entry, so that sixteen can be read at any. */
  static final int ENTRY_PADDING = 16;

  /** Bytes behind the last print, so that eight can be read at any. */
  static final int PRINT_PADDING = 8;

  private static final long EACH_BYTE = 0x0101010101010101L;
  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

  final IdBits bits;
  final int bucketBits;
  final Buckets buckets;
  final byte[] prints;
  final byte[] entries;
  final int entryBytes;
  final int printMask;

  /** The bits of the number's upper word that are in an entry. */
  final long highMask;

  private final long lowMask;
  private final int lowBits;
  private final int entryBits;

  /** No bits, which a compiler does not know: what is masked with it has to be read. */
  private final long noBits;

  /** Prints and entries with their padding. */
  NumericIds(IdBits bits, int bucketBits, Buckets buckets, byte[] prints, byte[] entries) {
    this.bits = bits;
    this.bucketBits = bucketBits;
    this.lowBits = bits.width - bucketBits;
    this.buckets = buckets;
    this.prints = prints;
    this.entries = entries;
    this.entryBytes = entryBytes(lowBits);
    this.entryBits = 8 * entryBytes;
    this.printMask = (1 << (lowBits - entryBits)) - 1;
    this.lowMask = mask(Math.min(entryBits, 64));
    this.highMask = mask(Math.max(entryBits - 64, 0));
    this.noBits = mask(Math.max(entryBits - 128, 0)); // an entry has fewer bits
  }

  private static long mask(int width) {
    return width == 0 ? 0 : -1L >>> (64 - width);
  }

  /** The whole bytes of so many bits, of which 1 to 8 are left for the print. */
  static int entryBytes(int lowBits) {
    return Math.max(lowBits - 1, 0) >>> 3;
  }

  /**
   * The bits that choose a bucket, for so many users of ids so wide: half a user to four users to a
   * bucket, whichever leaves the widest prints.
   */
  static int bucketBits(int users, int width) {
    int log = 31 - Integer.numberOfLeadingZeros(Math.max(users, 1));
    int most = Math.min(Buckets.mostBits(users), width);
    int best = Math.min(Math.max(log - 1, 0), most);
    for (int bits = best + 1; bits <= most; bits++) {
      if (printBits(width - bits) > printBits(width - best)) {
        best = bits;
      }
    }
    return best;
  }

  private static int printBits(int lowBits) {
    return lowBits - 8 * entryBytes(lowBits);
  }

  @Override
  public int find(long idHigh, long idLow) {
    if (!bits.matches(idHigh, idLow)) {
      return NO_USER;
    }
    long high = bits.high(idHigh, idLow);
    long low = bits.low(idHigh, idLow);
    int bucket = (int) shiftRight(high, low, lowBits);
    long group = buckets.groups()[bucket >>> 2];
    int first = Buckets.firstIn(group, bucket);
    int print = (int) shiftRight(high, low, entryBits) & printMask;
    // asks for a bucket's first entry, which the others are near, while it waits for the prints
    long near = LittleEndian.getLong(entries, first * entryBytes) & noBits;
    long equal = firstEqualPrint(prints, first, print);
    int user = first + firstOf(equal);
    if (user >= Buckets.endIn(group, bucket)) {
      return NO_USER;
    }
    return equal != 0 && near == 0 && isAt(user, high, low) ? user : search(idHigh, idLow);
  }

  /**
   * Finds the same, also behind the first eight users of a bucket, and behind another with the same
   * print.
   */
  int search(long idHigh, long idLow) {
    if (!bits.matches(idHigh, idLow)) {
      return NO_USER;
    }
    long high = bits.high(idHigh, idLow);
    long low = bits.low(idHigh, idLow);
    int bucket = (int) shiftRight(high, low, lowBits);
    int first = buckets.startAt(bucket);
    int end = first + buckets.countAt(bucket);
    int print = (int) shiftRight(high, low, entryBits) & printMask;
    for (int from = first; from < end; from += Long.BYTES) {
      for (long equal = equalPrints(prints, from, print); equal != 0; equal &= equal - 1) {
        int user = from + firstOf(equal);
        if (user >= end) {
          return NO_USER;
        }
        if (isAt(user, high, low)) {
          return user;
        }
      }
    }
    return NO_USER;
  }

  /** Of eight users from this one on, the top bit of the byte of each whose print is equal. */
  static long equalPrints(byte[] prints, int from, int print) {
    // a byte of a word is zero: Hacker's Delight 6-1, the form without false alarms
    long different = LittleEndian.getLong(prints, from) ^ (print * EACH_BYTE);
    return ~(((different & LOW_BITS) + LOW_BITS) | different | LOW_BITS);
  }

  /** As {@link #equalPrints}, but only the lowest bit is to be relied on; in fewer steps. */
  static long firstEqualPrint(byte[] prints, int from, int print) {
    // a zero byte borrows from the one above, which may then look like one: Hacker's Delight 6-1
    long different = LittleEndian.getLong(prints, from) ^ (print * EACH_BYTE);
    return (different - EACH_BYTE) & ~different & ~LOW_BITS;
  }

  /** Which of eight users is the first whose print is equal, or 8 if none is. */
  static int firstOf(long equal) {
    return Long.numberOfTrailingZeros(equal) >>> 3;
  }

  private boolean isAt(int user, long high, long low) {
    int at = user * entryBytes;
    return (((LittleEndian.getLong(entries, at) ^ low) & lowMask)
            | ((LittleEndian.getLong(entries, at + 8) ^ high) & highMask))
        == 0;
  }

  /** The id of a user; index 0 is the high word. Costs a search of the directory. */
  void id(int user, long[] id) {
    int low = 0;
    int high = 1 << (bits.width - lowBits);
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (buckets.startAt(middle) <= user) {
        low = middle;
      } else {
        high = middle;
      }
    }
    idIn(low, user, id);
  }

  /** How many users a bucket has. */
  int countAt(int bucket) {
    return buckets.countAt(bucket);
  }

  /** The id of a user of this bucket; index 0 is the high word. */
  void idIn(int bucket, int user, long[] id) {
    int at = user * entryBytes;
    long numberLow = LittleEndian.getLong(entries, at) & lowMask;
    long numberHigh = LittleEndian.getLong(entries, at + 8) & highMask;
    long print = prints[user] & printMask;
    numberHigh |= shiftLeftHigh(print, entryBits);
    numberLow |= entryBits >= 64 ? 0 : print << entryBits;
    numberHigh |= shiftLeftHigh(bucket, lowBits);
    numberLow |= lowBits >= 64 ? 0 : (long) bucket << lowBits;
    bits.idOf(numberHigh, numberLow, id);
  }

  /** Bits in which the ids differ. */
  int width() {
    return bits.width;
  }

  /** What the ids of no bucket exceed. */
  int longestBucket() {
    return buckets.longest();
  }

  /** Whether users are in another order than their ids. */
  boolean isMixed() {
    return bits.mixed;
  }

  long bytes() {
    return buckets.bytes() + prints.length + entries.length;
  }

  /** The low word of a 128-bit number shifted right by 0 to 128 bits. */
  static long shiftRight(long high, long low, int by) {
    if (by >= 64) {
      return by == 128 ? 0 : high >>> (by - 64);
    }
    return by == 0 ? low : (low >>> by) | (high << (64 - by));
  }

  /** The high word of a 64-bit number shifted left by 0 to 127 bits within 128. */
  static long shiftLeftHigh(long value, int by) {
    if (by >= 64) {
      return by == 128 ? 0 : value << (by - 64);
    }
    return by == 0 ? 0 : value >>> (64 - by);
  }
}
