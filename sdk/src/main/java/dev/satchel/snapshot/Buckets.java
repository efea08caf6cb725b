package dev.satchel.snapshot;

/**
 * How many users each of many buckets has, and so which is the first of each: the directory of a
 * search by id.
 *
 * <p>One long for four buckets, so that a lookup reads one: the number of the first user in the
 * upper half, and in the lower half the four counts, a byte each, the first bucket's lowest.
 */
final class Buckets {
  /** Bits of a group that hold its counts. */
  private static final int COUNTS_BITS = Integer.SIZE;

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
   *     NumericIds#LONGEST_BUCKET}, or all are not {@code users} together
   */
  static Buckets of(byte[] counts, int mostEach, int users, String place) {
    long[] groups = new long[(counts.length + 3) >>> 2];
    long total = 0;
    int longest = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      int count = counts[bucket] & 0xFF;
      longest = Math.max(longest, count);
      int at = bucket & 3;
      if (at == 0) {
        groups[bucket >>> 2] = total << COUNTS_BITS; // at most 2^26 counts of 255 each: no overflow
      }
      groups[bucket >>> 2] |= (long) count << (at << 3);
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

  /** Four buckets, this one among them, for {@link #startIn} and {@link #countIn}. */
  long groupOf(int bucket) {
    return groups[bucket >>> 2];
  }

  /** The first user of a bucket of this group. */
  static int startIn(long group, int bucket) {
    int before = (int) group & ((1 << ((bucket & 3) << 3)) - 1);
    return (int) (group >>> COUNTS_BITS) + ((before * 0x01010101) >>> 24); // three counts at most
  }

  /** How many users a bucket of this group has. */
  static int countIn(long group, int bucket) {
    return (int) (group >>> ((bucket & 3) << 3)) & 0xFF;
  }

  int startAt(int bucket) {
    return startIn(groupOf(bucket), bucket);
  }

  int countAt(int bucket) {
    return countIn(groupOf(bucket), bucket);
  }

  /** The most users that a bucket has. */
  int longest() {
    return longest;
  }

  long bytes() {
    return 8L * groups.length;
  }
}
