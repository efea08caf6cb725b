package dev.satchel.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * Writes user ids that are numbers of up to 128 bits, sorted: {@link NumericIds}. The steps are
 * those of {@link #write()}: cut out the bits that are the same in every id, mix what is left if it
 * would fill a bucket too much, and sort.
 */
final class NumericIdWriter {
  /**
   * The key of the first mix, so that most snapshots of about the same ids are in the same order,
   * and only little has to be sent from one to the next. Ids that were made to collide under it get
   * another.
   */
  static final long FIRST_KEY = 0x5A7C4E1D2B97F36BL;

  /** The id that two words stand for. */
  interface Name {
    Object of(long high, long low);
  }

  private final ByteWriter descriptor;
  private final LongList high;
  private final LongList low;
  private final Name name;
  private final int users;

  private NumericIdWriter(ByteWriter descriptor, LongList high, LongList low, Name name) {
    this.descriptor = descriptor;
    this.high = high;
    this.low = low;
    this.name = name;
    this.users = low.size();
  }

  /**
   * Writes ids of two words. The lists are empty afterwards.
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
    NumericIdSort numbers = fitting(bits, bucketBits);
    for (int attempt = 0; numbers == null; attempt++) {
      if (attempt == BucketCounts.MAX_TRIES) {
        throw BucketCounts.tooFull(users, i -> name.of(high.get(i), low.get(i)));
      }
      bits = bits.mixedWith(key(attempt));
      numbers = fitting(bits, bucketBits);
    }
    high.clear();
    low.clear();
    NumericIdSort.Sorted sorted = numbers.sort();
    if (sorted.repeated().isPresent()) {
      long[] id = numbers.id(sorted.repeated().getAsInt());
      throw new DuplicateUserException(name.of(id[0], id[1]));
    }
    bits.describe(descriptor);
    descriptor.u8(bucketBits);
    return new WrittenIds(descriptor, sorted.order(), sorted::frames);
  }

  private @Nullable NumericIdSort fitting(IdBits bits, int bucketBits) {
    NumericIdSort numbers = new NumericIdSort(high, low, bits, bucketBits);
    return numbers.fits() ? numbers : null;
  }

  private IdBits varyingBits() {
    if (users == 0) {
      return IdBits.of(0, 0, 0, 0);
    }
    return IdBits.of(high.get(0), low.get(0), varying(high), varying(low));
  }

  /** Returns the bits in which one of the words differs from the first. */
  private static long varying(LongList words) {
    long first = words.get(0);
    long varying = 0;
    for (int i = 1; i < words.size(); i++) {
      varying |= words.get(i) ^ first;
    }
    return varying;
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
}
