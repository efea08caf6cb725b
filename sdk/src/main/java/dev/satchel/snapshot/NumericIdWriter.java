package dev.satchel.snapshot;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes user ids that are numbers of up to 128 bits, sorted: {@link NumericIds}. The steps are
 * those of {@link #write()}: cut out the bits that are the same in every id, mix what is left if it
 * would fill a bucket too much, and sort. Buckets, prints and entries are written when they are
 * asked for, on several threads.
 */
final class NumericIdWriter {
  /**
   * The key of the first mix, so that most snapshots of about the same ids are in the same order,
   * and only little has to be sent from one to the next. Ids that were made to collide under it get
   * another.
   */
  static final long FIRST_KEY = 0x5A7C4E1D2B97F36BL;

  /** How many users a thread writes at a time. */
  private static final int PART_USERS = 1 << 15;

  /** The id that two words stand for. */
  interface Name {
    Object of(long high, long low);
  }

  private final ByteWriter descriptor;

  /** The upper words of the ids, and after {@link #replaceIdsByNumbers} of their numbers. */
  private final LongList high;

  /** The lower words, likewise. */
  private final LongList low;

  private final Name name;
  private final int users;

  /** Whether two numbers are the same, which sorting finds out. */
  private boolean hasEqual;

  private NumericIdWriter(ByteWriter descriptor, LongList high, LongList low, Name name) {
    this.descriptor = descriptor;
    this.high = high;
    this.low = low;
    this.name = name;
    this.users = low.size();
  }

  /**
   * Writes ids of two words, which are replaced by the numbers that stand for them.
   *
   * @param descriptor ends with what is to stand before that of numeric ids
   * @throws DuplicateUserException if two are the same
   */
  static WrittenIds write(ByteWriter descriptor, LongList high, LongList low, Name name) {
    return new NumericIdWriter(descriptor, high, low, name).write();
  }

  private WrittenIds write() {
    IdBits bits = varyingBits();
    int bucketBits = NumericIds.bucketBits(users, bits.width);
    int lowBits = bits.width - bucketBits;
    byte[] counts = counts(bits, bucketBits);
    for (int attempt = 0; counts == null; attempt++) {
      if (attempt == BucketCounts.MAX_TRIES) {
        throw BucketCounts.tooFull(users, i -> name.of(high.get(i), low.get(i)));
      }
      bits = bits.mixedWith(key(attempt));
      counts = counts(bits, bucketBits);
    }
    replaceIdsByNumbers(bits);
    int[] order = order(lowBits, counts);
    refuseEqual(order, bits);
    bits.describe(descriptor);
    descriptor.u8(bucketBits);
    byte[] buckets = counts;
    return new WrittenIds(descriptor, order, () -> frames(buckets, order, lowBits));
  }

  private IdBits varyingBits() {
    long firstHigh = users == 0 ? 0 : high.get(0);
    long firstLow = users == 0 ? 0 : low.get(0);
    long varyingHigh = 0;
    long varyingLow = 0;
    for (int i = 1; i < users; i++) {
      varyingHigh |= high.get(i) ^ firstHigh;
      varyingLow |= low.get(i) ^ firstLow;
    }
    return IdBits.of(firstHigh, firstLow, varyingHigh, varyingLow);
  }

  private byte @Nullable [] counts(IdBits bits, int bucketBits) {
    int lowBits = bits.width - bucketBits;
    return BucketCounts.of(
        users,
        bucketBits,
        i -> {
          long idHigh = high.get(i);
          long idLow = low.get(i);
          return (int)
              NumericIds.shiftRight(bits.high(idHigh, idLow), bits.low(idHigh, idLow), lowBits);
        });
  }

  /**
   * Returns the key of an attempt. From the second on it depends on every id, in whatever order
   * they came: a digest of their sums.
   */
  private long key(int attempt) {
    if (attempt == 0) {
      return FIRST_KEY;
    }
    long[] sums = new long[4];
    for (int i = 0; i < users; i++) {
      long spreadHigh = high.get(i) * 0x9E3779B97F4A7C15L + 1;
      long spreadLow = low.get(i) * 0xD6E8FEB86659FD93L + 1;
      long both = Long.rotateLeft(spreadHigh, 32) ^ spreadLow;
      both = (both ^ (both >>> 29)) * 0xBF58476D1CE4E5B9L;
      sums[0] += both ^ (both >>> 32);
      sums[1] ^= both * spreadHigh;
      sums[2] += both * spreadLow;
      sums[3] ^= Long.rotateLeft(both, 17) + spreadHigh;
    }
    return BucketCounts.key(sums, attempt);
  }

  private void replaceIdsByNumbers(IdBits bits) {
    for (int i = 0; i < users; i++) {
      long numberHigh = bits.high(high.get(i), low.get(i));
      long numberLow = bits.low(high.get(i), low.get(i));
      high.set(i, numberHigh);
      low.set(i, numberLow);
    }
  }

  /**
   * Returns the places of the numbers in ascending order: a counting sort by bucket, then a plain
   * one within each, which is short.
   */
  private int[] order(int lowBits, byte[] counts) {
    int[] order = new int[users];
    int[] ends = new int[counts.length + 1];
    for (int bucket = 0; bucket < counts.length; bucket++) {
      ends[bucket + 1] = ends[bucket] + counts[bucket];
    }
    for (int i = 0; i < users; i++) {
      int bucket = (int) NumericIds.shiftRight(high.get(i), low.get(i), lowBits);
      order[ends[bucket]++] = i;
    }
    int start = 0; // each bucket now ends where its counter stands
    for (int bucket = 0; bucket < counts.length; bucket++) {
      sortByInsertion(order, start, ends[bucket]);
      start = ends[bucket];
    }
    return order;
  }

  private void sortByInsertion(int[] order, int start, int end) {
    for (int i = start + 1; i < end; i++) {
      int moved = order[i];
      int at = i;
      int compared = 1;
      while (at > start && (compared = compare(moved, order[at - 1])) < 0) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = moved;
      hasEqual |= compared == 0;
    }
  }

  private int compare(int a, int b) {
    int byHigh = Long.compareUnsigned(high.get(a), high.get(b));
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low.get(a), low.get(b));
  }

  private void refuseEqual(int[] order, IdBits bits) {
    if (!hasEqual) {
      return;
    }
    for (int i = 1; i < users; i++) {
      if (compare(order[i], order[i - 1]) == 0) {
        long[] id = new long[2];
        bits.idOf(high.get(order[i]), low.get(order[i]), id);
        throw new DuplicateUserException(name.of(id[0], id[1]));
      }
    }
  }

  /** Makes the frames, on several threads; the numbers and their order change no more. */
  private FrameWriter frames(byte[] counts, int[] order, int lowBits) {
    byte[] prints = new byte[users];
    byte[] entries = new byte[Math.multiplyExact(users, NumericIds.entryBytes(lowBits))];
    IntStream.range(0, (users + PART_USERS - 1) / PART_USERS)
        .parallel()
        .forEach(part -> putUsers(order, part * PART_USERS, lowBits, prints, entries));
    FrameWriter frames = new FrameWriter();
    frames.write(counts, FrameWriter.PLAIN_LEVEL);
    frames.write(prints, FrameWriter.PLAIN_LEVEL);
    frames.write(entries, FrameWriter.PLAIN_LEVEL);
    return frames;
  }

  /** Puts prints and entries of the users from one on, at most {@link #PART_USERS}. */
  private void putUsers(int[] order, int from, int lowBits, byte[] prints, byte[] entries) {
    int entryBytes = NumericIds.entryBytes(lowBits);
    int entryBits = Byte.SIZE * entryBytes;
    int mask = (1 << (lowBits - entryBits)) - 1;
    int to = Math.min(from + PART_USERS, users);
    byte[] entry = new byte[2 * Long.BYTES];
    for (int i = from; i < to; i++) {
      long numberHigh = high.get(order[i]);
      long numberLow = low.get(order[i]);
      prints[i] = (byte) (NumericIds.shiftRight(numberHigh, numberLow, entryBits) & mask);
      LittleEndian.putLong(entry, 0, numberLow);
      LittleEndian.putLong(entry, Long.BYTES, numberHigh);
      System.arraycopy(entry, 0, entries, i * entryBytes, entryBytes);
    }
  }
}
