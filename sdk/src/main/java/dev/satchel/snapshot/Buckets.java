package dev.satchel.snapshot;

/**
 * The directory of a search by id: how many users each bucket has, and so which user is the first
 * of each.
 *
 * <p>Four buckets share one long, so that a lookup reads one. Its upper half is the number of the
 * first bucket's first user. Its lower half has a byte for each bucket, the first bucket's lowest:
 * how many users after that first user the bucket ends.
 */
final class Buckets {
  /** The most users of a bucket: the ends of four buckets then fit into bytes. */
  static final int LONGEST = 63;

  /** 2^26 buckets serve 250 million users. */
  static final int MAX_BITS = 26;

  /** How many bits of a group hold the ends of its buckets. */
  private static final int ENDS_BITS = Integer.SIZE;

  private final long[] groups;
  private final int buckets;
  private final int longest;

  private Buckets(long[] groups, int buckets, int longest) {
    this.groups = groups;
    this.buckets = buckets;
    this.longest = longest;
  }

  /**
   * Makes buckets with these counts; their number is a power of two.
   *
   * @throws SnapshotFormatException if a count exceeds {@code mostEach}, which is at most {@link
   *     #LONGEST}, or their sum is not {@code users}
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
      throw tooLong(longest, mostEach, place);
    }
    if (total != users) {
      throw otherTotal(total, users, place);
    }
    return new Buckets(groups, counts.length, longest);
  }

  static SnapshotFormatException tooLong(int longest, int mostEach, String place) {
    return new SnapshotFormatException(
        "expected buckets of at most " + mostEach + " ids but found " + longest + " in " + place);
  }

  static SnapshotFormatException otherTotal(long total, int users, String place) {
    return new SnapshotFormatException(
        "expected buckets of " + users + " ids in all but found " + total + " in " + place);
  }

  /**
   * Returns the most bits that may choose a bucket: with at most two buckets for each user, few
   * users cost little.
   */
  static int mostBits(int users) {
    return Math.min(Integer.SIZE - Integer.numberOfLeadingZeros(users), MAX_BITS);
  }

  /** Returns the counts that the buckets were made from. */
  byte[] counts() {
    byte[] counts = new byte[buckets];
    for (int bucket = 0; bucket < buckets; bucket++) {
      counts[bucket] = (byte) countAt(bucket);
    }
    return counts;
  }

  /** Returns the first user of a bucket of this group. */
  private static int firstIn(long group, int bucket) {
    return startOf(group) + ((((int) group << 8) >>> endAt(bucket)) & 0xFF);
  }

  /** Returns the user after the last one of a bucket of this group. */
  private static int endIn(long group, int bucket) {
    return startOf(group) + (((int) group >>> endAt(bucket)) & 0xFF);
  }

  /** Returns the first user of a group's first bucket. */
  private static int startOf(long group) {
    return (int) (group >>> ENDS_BITS);
  }

  /**
   * Returns the bit where a group has a bucket's end: shifts of an int use only the low five bits.
   */
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

  /** Returns the most users that a bucket has. */
  int longest() {
    return longest;
  }

  long bytes() {
    return 8L * groups.length;
  }
}
