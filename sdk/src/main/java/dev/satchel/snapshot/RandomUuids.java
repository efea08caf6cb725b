package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

/**
 * Version 4 UUIDs, of which every bit varies but the six that say so. The common case, searched as
 * {@link NumericIds} does but with the places of the bits known: a lookup waits for memory, and the
 * fewer its instructions are, the more of the next lookups a processor begins meanwhile.
 */
final class RandomUuids extends UserIds.Uuids {
  /** The bits of a UUID before its version, which are the number's upper bits as well. */
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

  /** Whether these are such ids, in so few buckets that those and the prints are leading bits. */
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

  /** The upper word of the number of an id. */
  private static long high(long idHigh) {
    return ((idHigh >>> 16) << 10) | ((idHigh & 0xFFF) >>> 2);
  }

  /** The lower word of the number of an id. */
  private static long low(long idHigh, long idLow) {
    return (idHigh << 62) | ((idLow << 2) >>> 2);
  }
}
