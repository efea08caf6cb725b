package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
   * processor starts during that wait. So what differs from NumericIds is repeated here, and the
   * search of a whole bucket is not.
   *
   * [1] RFC 9562, 5.4
   */

  /** How many bits of a UUID stand before its version; they are the number's upper bits too. */
  private static final int LEADING_BITS = 48;

  private final Blocks blocks;
  private final byte[] entries;
  private final int bucketShift;
  private final int printShift;
  private final int printMask;
  private final int entryBytes;
  private final long highMask;

  private final NearUsers nearUsers;

  /** Zero, which the compiler does not know: it has to read what is masked with it. */
  private final long noBits;

  RandomUuids(NumericIds ids) {
    super(ids);
    this.blocks = ids.blocks;
    this.entries = ids.entries;
    this.bucketShift = Long.SIZE - ids.bucketBits;
    this.printShift = Long.SIZE - (ids.width() - Byte.SIZE * ids.entryBytes);
    this.printMask = ids.printMask;
    this.entryBytes = ids.entryBytes;
    this.highMask = ids.highMask;
    this.nearUsers = ids.nearUsers;
    this.noBits = ids.noBits;
  }

  /** Returns whether these are such ids, with bucket and print among the leading bits. */
  static boolean are(NumericIds ids) {
    return ids.bits.areVersion4()
        && !ids.isMixed()
        && ids.bucketBits > 0
        && ids.bucketBits + Byte.SIZE <= LEADING_BITS;
  }

  /**
   * Finds the user. With a column, it reads for a user who is near the one it seeks; that comes
   * after the branch for ids that nobody has, see {@link NearUsers}.
   */
  @Override
  public int find(long idHigh, long idLow, @Nullable Column next) {
    if (!isVersion4(idHigh, idLow)) {
      return NO_USER;
    }
    int bucket = (int) (idHigh >>> bucketShift);
    int candidate = blocks.candidate(bucket, print(idHigh));
    long touched = 0;
    if (candidate >= 0 && next != null) {
      int near = nearUsers.near(bucket);
      touched = entries[near * entryBytes] | next.touch(near);
    }
    return confirm(candidate, idHigh, idLow, touched & noBits);
  }

  @Override
  int touch(UUID id) {
    return blocks.touch((int) (id.getMostSignificantBits() >>> bucketShift));
  }

  @Override
  int candidate(long idHigh, long idLow) {
    return isVersion4(idHigh, idLow)
        ? blocks.candidate((int) (idHigh >>> bucketShift), print(idHigh))
        : NO_USER;
  }

  private static boolean isVersion4(long idHigh, long idLow) {
    return ((idHigh & 0xF000) | (idLow >>> 62)) == 0x4002; // and of variant 2
  }

  private int print(long idHigh) {
    return (int) (idHigh >>> printShift) & printMask;
  }

  @Override
  void find(@Nullable UUID[] ids, int from, int count, int[] users) {
    for (int i = 0; i < count; i++) {
      UUID id = ids[from + i];
      users[i] = id == null ? NO_USER : touch(id);
    }
    for (int i = 0; i < count; i++) {
      UUID id = ids[from + i];
      users[i] = id == null ? NO_USER : candidate(id);
    }
    long touched = 0;
    for (int i = 0; i < count; i++) {
      // from the entry's middle, since the eight bytes may be on two lines
      touched |= LittleEndian.getLong(entries, Math.max(users[i], 0) * entryBytes + 4);
    }
    for (int i = 0; i < count; i++) {
      UUID id = ids[from + i];
      if (id != null) {
        long idHigh = id.getMostSignificantBits();
        users[i] = confirm(users[i], idHigh, id.getLeastSignificantBits(), touched & noBits);
      }
    }
  }

  /**
   * Returns the user with this id, of whom {@link #candidate} has returned a candidate.
   *
   * @param zero is compared as well: the compiler does not know it, so it reads what it is made of
   */
  private int confirm(int candidate, long idHigh, long idLow, long zero) {
    if (candidate < 0) {
      return candidate == NO_USER ? NO_USER : search(idHigh, idLow);
    }
    int entry = candidate * entryBytes;
    long different =
        (LittleEndian.getLong(entries, entry) ^ low(idHigh, idLow))
            | ((LittleEndian.getLong(entries, entry + 8) ^ high(idHigh)) & highMask)
            | zero;
    return different == 0 ? candidate : search(idHigh, idLow);
  }

  private int search(long idHigh, long idLow) {
    return ids.search(high(idHigh), low(idHigh, idLow));
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
