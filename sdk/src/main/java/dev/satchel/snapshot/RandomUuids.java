package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

/**
 * Version 4 UUIDs in which every bit varies except the six that mark them as such: the common case.
 * Searched as {@link NumericIds} are, in fewer instructions. Immutable, safe for any thread.
 */
final class RandomUuids extends UserIds.Uuids {
  /*
   * Where IdBits has to gather the varying bits of an id from any places, here they are known [1]:
   *
   *     id      | 48 bits | 0100 | 12 bits |        | 10 | 62 bits |
   *               idHigh    version                  variant, idLow
   *
   *     number  | 48 bits | upper 10 |              | lower 2 | 62 bits |
   *               high word, 58 bits                  low word, 64 bits
   *
   * Bucket and print are among the first 48 bits, which are the same in the id and the number: one
   * shift of idHigh gives either. For a million users the bucket is bits 0 to 17 from the top and
   * the print bits 18 to 25. Only the entry is compared with gathered bits.
   *
   * A lookup waits for memory; the fewer instructions it has, the more of the next lookups a
   * processor starts during that wait. So only what differs from NumericIds.find is repeated here:
   * a print shared by two users of a bucket, or a ninth user, is left to NumericIds.search.
   *
   * [1] RFC 9562, 5.4
   */

  /** How many bits of a UUID stand before its version; they are the number's upper bits too. */
  private static final int LEADING_BITS = 48;

  private final long[] groups;
  private final byte[] prints;
  private final byte[] entries;
  private final int bucketShift;
  private final int printShift;
  private final int printMask;
  private final int entryBytes;
  private final long highMask;

  RandomUuids(NumericIds ids) {
    super(ids);
    this.groups = ids.buckets.groups();
    this.prints = ids.prints;
    this.entries = ids.entries;
    this.bucketShift = Long.SIZE - ids.bucketBits;
    this.printShift = Long.SIZE - (ids.width() - Byte.SIZE * ids.entryBytes);
    this.printMask = ids.printMask;
    this.entryBytes = ids.entryBytes;
    this.highMask = ids.highMask;
  }

  /** Returns whether these are such ids, with bucket and print among the leading bits. */
  static boolean are(NumericIds ids) {
    return ids.bits.areVersion4()
        && !ids.isMixed()
        && ids.bucketBits > 0
        && ids.bucketBits + Byte.SIZE <= LEADING_BITS;
  }

  @Override
  public int find(long idHigh, long idLow) {
    if (((idHigh & 0xF000) | (idLow >>> 62)) != 0x4002) { // version 4, variant 2
      return NO_USER;
    }
    int bucket = (int) (idHigh >>> bucketShift);
    long group = groups[bucket >>> 2];
    int first = Buckets.firstIn(group, bucket);
    int print = (int) (idHigh >>> printShift) & printMask;
    long equal = NumericIds.firstEqualPrint(prints, first, print);
    int user = first + NumericIds.firstOf(equal);
    if (user >= Buckets.endIn(group, bucket)) {
      return NO_USER;
    }
    int entry = user * entryBytes;
    long different =
        (LittleEndian.getLong(entries, entry) ^ low(idHigh, idLow))
            | ((LittleEndian.getLong(entries, entry + 8) ^ high(idHigh)) & highMask);
    return equal != 0 && different == 0 ? user : ids.search(idHigh, idLow);
  }

  /** Returns the upper word of the number of an id. */
  private static long high(long idHigh) {
    return ((idHigh >>> 16) << 10) | ((idHigh & 0xFFF) >>> 2);
  }

  /** Returns the lower word of the number of an id. */
  private static long low(long idHigh, long idLow) {
    return (idHigh << 62) | ((idLow << 2) >>> 2);
  }
}
