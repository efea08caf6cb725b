package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

/**
 * The user ids that are numbers of up to 128 bits, sorted, searchable without allocating.
 *
 * <p>What is stored is also the index. The upper {@code bucketBits} of a number (about four users
 * to each value) only say how many ids share them; the bits below are kept for each user: whole
 * bytes beside each other, and what is left of a byte as {@link Codes}. A lookup reads one count
 * and compares about four entries, which lie in one or two cache lines.
 */
final class NumericIds {
  /** No bucket has more ids: the encoder mixes the bits until that is so. */
  static final int LONGEST_BUCKET = 64;

  /** Bytes behind the last entry, so that eight can be read at any. */
  static final int PADDING = 8;

  private final IdBits bits;
  private final int lowBits;
  private final int entryBytes;
  private final int restBits;
  private final Counts buckets;
  private final byte[] entries;
  private final Codes rest;

  /** Whether the bucket's bits lie in the upper word alone. */
  private final boolean bucketsInHigh;

  private final long firstMask;
  private final long restMask;
  private final int secondAt;
  private final int secondShift;

  NumericIds(IdBits bits, int bucketBits, Counts buckets, byte[] entries, Codes rest) {
    this.bits = bits;
    this.lowBits = bits.width - bucketBits;
    this.entryBytes = lowBits >>> 3;
    this.restBits = lowBits & 7;
    this.bucketsInHigh = lowBits >= 64 && lowBits < 128;
    this.buckets = buckets;
    this.entries = entries;
    this.rest = rest;
    this.firstMask = entryBytes >= 8 ? -1L : entryBytes == 0 ? 0 : -1L >>> (64 - 8 * entryBytes);
    this.secondAt = Math.max(entryBytes - 8, 0);
    this.secondShift = 8 * secondAt;
    this.restMask = (1L << restBits) - 1;
  }

  /** The bits that choose a bucket, for so many users of ids so wide: two to four to a bucket. */
  static int bucketBits(int users, int width) {
    int log = 31 - Integer.numberOfLeadingZeros(Math.max(users, 1));
    return Math.min(Math.max(log - 1, 0), width);
  }

  int find(long idHigh, long idLow) {
    if (!bits.matches(idHigh, idLow)) {
      return NO_USER;
    }
    long high = bits.high(idHigh, idLow);
    long low = bits.low(idHigh, idLow);
    int bucket =
        (int) (bucketsInHigh ? high >>> lowBits /* modulo 64 */ : shiftRight(high, low, lowBits));
    int start = buckets.startAt(bucket);
    int end = start + buckets.countAt(bucket);
    for (int user = start, at = start * entryBytes; user < end; user++, at += entryBytes) {
      if (((LittleEndian.getLong(entries, at) ^ low) & firstMask) == 0
          && isUpperPartAt(user, at, high, low)) {
        return user;
      }
    }
    return NO_USER;
  }

  /** Whether the bits above the first 8 bytes, up to the bucket's, are those of this user. */
  private boolean isUpperPartAt(int user, int at, long high, long low) {
    return (secondAt == 0
            || LittleEndian.getLong(entries, at + secondAt) == shiftRight(high, low, secondShift))
        && (restMask == 0 || rest.at(user) == (shiftRight(high, low, 8 * entryBytes) & restMask));
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
    long numberLow = LittleEndian.getLong(entries, at) & firstMask;
    long numberHigh = 0;
    if (secondAt > 0) {
      long second = LittleEndian.getLong(entries, at + secondAt);
      numberHigh = secondShift == 64 ? second : second >>> (64 - secondShift);
    }
    if (restBits > 0) {
      long restCode = rest.at(user) & ((1 << restBits) - 1);
      int shift = 8 * entryBytes;
      numberHigh |= shiftLeftHigh(restCode, shift);
      numberLow |= shift >= 64 ? 0 : restCode << shift;
    }
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
    return buckets.bytes() + entries.length + rest.bytes();
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
