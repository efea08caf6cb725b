package dev.satchel.snapshot;

/**
 * How many users each of many buckets has, and so which is the first of each: the directory of a
 * search by id.
 *
 * <p>One long for four buckets, so that a lookup reads one: the number of the first bucket's first
 * user in the upper half, and in the lower half, a byte for each bucket, the first's lowest, how
 * many users after that one the bucket ends.
 */
final class Buckets {
  /** No bucket has more users, so that the ends of four are bytes. */
  static final int LONGEST = 63;

  /** 2^26 buckets serve 250 million users. */
  static final int MAX_BITS = 26;

  /** Bits of a group that hold where its buckets end. */
  private static final int ENDS_BITS = Integer.SIZE;

  private final long[] groups;
  private final int longest;

  private Buckets(long[] groups, int longest) {
    this.groups = groups;
    this.longest = longest;
  }

  /**
   * Buckets of these counts, of which there are a power of two.
   *
   * @throws SnapshotFormatException if one is more than {@code mostEach}, which is at most {@link
   *     #LONGEST}, or all are not {@code users} together
   */
  static Buckets of(byte[] counts, int mostEach, int users, String place) {
    long[] groups = new long[(counts.length + 3) >>> 2];
    long total = 0;
    int longest = 0;
    long ends = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      int count = counts[bucket] & 0xFF;
      longest = Math.max(longest, count);
      int at = bucket & 3;
      if (at == 0) {
        groups[bucket >>> 2] = total << ENDS_BITS; // at most 2^26 counts of 255 each: no overflow
        ends = 0;
      }
      ends += count;
      groups[bucket >>> 2] |= (ends & 0xFF) << (at << 3);
      total += count;
    }
    if (longest > mostEach) {
      throw new SnapshotFormatException(
          "expected buckets of at most " + mostEach + " ids but found " + longest + " in " + place);
    }
    if (total != users) {
      throw new SnapshotFormatException(
          "expected buckets of " + users + " ids in all but found " + total + " in " + place);
    }
    return new Buckets(groups, longest);
  }

  /** The most bits that choose a bucket: at most two buckets to a user bound what a few cost. */
  static int mostBits(int users) {
    return Math.min(Integer.SIZE - Integer.numberOfLeadingZeros(users), MAX_BITS);
  }

  /** All groups of four buckets, which do not change. */
  long[] groups() {
    return groups;
  }

  /** The first user of a bucket, which is of this group. */
  static int firstIn(long group, int bucket) {
    return startOf(group) + ((((int) group << 8) >>> endAt(bucket)) & 0xFF);
  }

  /** The user after the last of a bucket, which is of this group. */
  static int endIn(long group, int bucket) {
    return startOf(group) + (((int) group >>> endAt(bucket)) & 0xFF);
  }

  /** The first user of a group's first bucket. */
  private static int startOf(long group) {
    return (int) (group >>> ENDS_BITS);
  }

  /** Where a group has a bucket's end: shifts of an int look at no more than the low five bits. */
  private static int endAt(int bucket) {
    return bucket << 3;
  }

  int startAt(int bucket) {
    return firstIn(groups[bucket >>> 2], bucket);
  }

  int countAt(int bucket) {
    long group = groups[bucket >>> 2];
    return endIn(group, bucket) - firstIn(group, bucket);
  }

  /** The most users that a bucket has. */
  int longest() {
    return longest;
  }

  long bytes() {
    return 8L * groups.length;
  }
}
