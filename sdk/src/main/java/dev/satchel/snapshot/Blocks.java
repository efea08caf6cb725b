package dev.satchel.snapshot;

import java.util.Arrays;

/**
 * Which users a bucket has, and their prints: all that a search by number reads before it reads an
 * entry. A few buckets share a block of {@value #BLOCK_BYTES} bytes, a line of memory, so that a
 * search waits for one line and not for a directory and then for the prints.
 */
final class Blocks {
  /*
   * A block, here of three buckets with two users, none, and three, the first of them user 731. It
   * has room for 56 prints:
   *
   *     byte       0   1   2   3    4   5   6   7   8            60
   *                ends             prints                       first user
   *                0   2   2   5    3A  B0  05  77  9F           731
   *
   * ends[i] is how many of the block's users are before bucket i; a bucket's users are those from
   * ends[i] to ends[i + 1]. The number of buckets in a block is the same for all, as many as leave
   * room for the prints of most blocks.
   *
   * A block with too many users has the prints of the first ones only, no end above their number,
   * and before the first user an int: where `rest` has the counts of its buckets, a byte each, and
   * then the prints that had no room.
   *
   * The first block starts at 48, because the bytes of an array start 16 after the array and large
   * arrays start on a line. Where they do not, a block is on two lines; but as a search reads both
   * the first bytes and the last ones, it waits for both at the same time.
   */
  static final int BLOCK_BYTES = 64;

  /**
   * Returned where only a search of the whole bucket can tell: more than eight of its users are to
   * be looked at, or the block has no room for all prints.
   */
  static final int UNSURE = -2;

  private static final int BLOCK_LOG = 6;
  private static final int FIRST_BLOCK = 48;
  private static final int FIRST_USER_AT = BLOCK_BYTES - Integer.BYTES;
  private static final int MOST_BUCKETS = 40;
  private static final long EACH_BYTE = 0x0101010101010101L;
  private static final long TOP_BITS = 0x8080808080808080L;

  /** Bytes after the last block, so that eight can be read from any print on. */
  private static final int PADDING = 8;

  /** How much room a block has above the average number of its users, in standard deviations. */
  private static final double ROOM = 1.6;

  private final byte[] bytes;

  /** Divides by the number of buckets in a block, for numbers below 2^26: times it, over 2^32. */
  private final long divisor;

  /** How many buckets a block has. */
  private final int each;

  /** How many bytes are between the ends of one block and those of the next. */
  private final int between;

  /** Where the prints of the first block start. */
  private final int printsAt;

  /** What the end of a bucket is below if the block has the prints of all its users. */
  private final int full;

  private final byte[] rest;
  private final int buckets;
  private final int users;
  private final int longest;

  private Blocks(byte[] bytes, int each, byte[] rest, int buckets, int users, int longest) {
    this.bytes = bytes;
    this.each = each;
    this.divisor = (1L << 32) / each + 1;
    this.between = BLOCK_BYTES - each;
    this.printsAt = FIRST_BLOCK + each + 1;
    this.full = roomIfFull(each);
    this.rest = rest;
    this.buckets = buckets;
    this.users = users;
    this.longest = longest;
  }

  private static int room(int each) {
    return FIRST_USER_AT - (each + 1);
  }

  private static int roomIfFull(int each) {
    return room(each) - Integer.BYTES;
  }

  /** Returns how many buckets share a block. */
  private static int each(int buckets, int users) {
    double mean = (double) users / buckets;
    int each = 1;
    while (each < Math.min(MOST_BUCKETS, buckets)) {
      double expected = (each + 1) * mean;
      if (expected + ROOM * Math.sqrt(expected) > room(each + 1)) {
        break;
      }
      each++;
    }
    return each;
  }

  /**
   * Makes blocks of buckets with these counts; their number is a power of two.
   *
   * @param prints a byte for each user, and any bytes after them
   * @throws SnapshotFormatException if a count exceeds {@code mostEach}, which is at most {@link
   *     Buckets#LONGEST}, or their sum is not {@code users}
   */
  static Blocks of(byte[] counts, byte[] prints, int mostEach, int users, String place) {
    int each = each(counts.length, users);
    int blocks = (counts.length + each - 1) / each;
    byte[] bytes = new byte[FIRST_BLOCK + (blocks << BLOCK_LOG) + PADDING];
    byte[] rest = new byte[0];
    int restUsed = 0;
    int room = room(each);
    int total = 0;
    int longest = 0;
    for (int block = 0; block < blocks; block++) {
      int base = FIRST_BLOCK + (block << BLOCK_LOG);
      int bucket = block * each;
      int end = Math.min(bucket + each, counts.length);
      int inBlock = 0;
      int at = base;
      for (int i = bucket; i < end; i++) {
        int count = counts[i] & 0xFF;
        longest = Math.max(longest, count);
        inBlock += count;
        bytes[++at] = (byte) inBlock;
      }
      if (longest > mostEach || inBlock > users - total) {
        throw bad(counts, mostEach, users, place);
      }
      LittleEndian.putInt(bytes, base + FIRST_USER_AT, total);
      int kept = inBlock;
      if (inBlock > room) {
        kept = roomIfFull(each);
        int needed = each + inBlock - kept;
        if (restUsed + needed > rest.length) {
          rest = Arrays.copyOf(rest, Math.max(restUsed + needed, rest.length + (rest.length >> 1)));
        }
        LittleEndian.putInt(bytes, base + FIRST_USER_AT - Integer.BYTES, restUsed);
        System.arraycopy(counts, bucket, rest, restUsed, end - bucket);
        System.arraycopy(prints, total + kept, rest, restUsed + each, inBlock - kept);
        restUsed += needed;
        limitEnds(bytes, base + 1, counts, bucket, end, kept);
      }
      System.arraycopy(prints, total, bytes, base + each + 1, kept);
      total += inBlock;
    }
    if (total != users) {
      throw bad(counts, mostEach, users, place);
    }
    return new Blocks(bytes, each, Arrays.copyOf(rest, restUsed), counts.length, users, longest);
  }

  private static void limitEnds(
      byte[] bytes, int at, byte[] counts, int bucket, int bucketEnd, int kept) {
    int end = 0;
    for (int i = bucket; i < bucketEnd; i++) {
      end = Math.min(end + counts[i], kept);
      bytes[at + i - bucket] = (byte) end;
    }
  }

  private static SnapshotFormatException bad(byte[] counts, int mostEach, int users, String place) {
    int longest = 0;
    long total = 0;
    for (byte count : counts) {
      longest = Math.max(longest, count & 0xFF);
      total += count & 0xFF;
    }
    return longest > mostEach
        ? Buckets.tooLong(longest, mostEach, place)
        : Buckets.otherTotal(total, users, place);
  }

  /** Returns the block that has this bucket. */
  private int block(int bucket) {
    return (int) ((bucket * divisor) >>> 32);
  }

  /** Returns where a block starts. */
  private static int base(int block) {
    return FIRST_BLOCK + (block << BLOCK_LOG);
  }

  /** Returns the first user of the block that starts here. */
  private int firstUser(int base) {
    return LittleEndian.getInt(bytes, base + FIRST_USER_AT);
  }

  /** Reads the block of a bucket, and returns its first user. */
  int touch(int bucket) {
    return firstUser(base(block(bucket)));
  }

  /**
   * Returns the first user of a bucket with this print, {@link Snapshot#NO_USER} if there is none,
   * or {@link #UNSURE}, which is rare. Reads one block and has no loop.
   */
  int candidate(int bucket, int print) {
    // all in whole words: then one check of the array's length serves the three of them
    int block = block(bucket);
    long ends = LittleEndian.getLong(bytes, bucket + block * between + FIRST_BLOCK);
    int first = (int) ends & 0xFF;
    int end = ((int) ends >>> 8) & 0xFF;
    int base = block << BLOCK_LOG;
    // which of eight prints are equal, as a hash table of tags compares them; a zero byte borrows
    // from the one above, which may then look like zero, so only the lowest counts
    long different = LittleEndian.getLong(bytes, base + first + printsAt) ^ (print * EACH_BYTE);
    long equal = (different - EACH_BYTE) & ~different & TOP_BITS;
    int in = first + (Long.numberOfTrailingZeros(equal) >>> 3);
    if (in < end) {
      long last = LittleEndian.getLong(bytes, base + FIRST_BLOCK + BLOCK_BYTES - Long.BYTES);
      return equal != 0 ? (int) (last >>> Integer.SIZE) + in : UNSURE;
    }
    return end < full ? Snapshot.NO_USER : UNSURE;
  }

  /** Returns the user after the last one of the block that starts here. */
  private int endUser(int base) {
    int next = base + BLOCK_BYTES;
    return next + BLOCK_BYTES <= bytes.length ? firstUser(next) : users;
  }

  /** Returns where the rest of a block is, or -1 if the block has all its users. */
  private int restAt(int base) {
    return endUser(base) - firstUser(base) <= room(each)
        ? -1
        : LittleEndian.getInt(bytes, base + FIRST_USER_AT - Integer.BYTES);
  }

  /** Returns the first user of a bucket. Costs a few steps for each bucket of a block. */
  int startAt(int bucket) {
    int block = block(bucket);
    int base = base(block);
    int at = bucket - block * each;
    int restAt = restAt(base);
    int start = firstUser(base);
    if (restAt < 0) {
      return start + bytes[base + at];
    }
    for (int i = 0; i < at; i++) {
      start += rest[restAt + i];
    }
    return start;
  }

  /** Returns how many users a bucket has. */
  int countAt(int bucket) {
    int block = block(bucket);
    int base = base(block);
    int at = bucket - block * each;
    int restAt = restAt(base);
    return restAt < 0 ? bytes[base + at + 1] - bytes[base + at] : rest[restAt + at];
  }

  /** Returns the print of a user, who is in this bucket; bits above the print's may be set. */
  int printAt(int bucket, int user) {
    int base = base(block(bucket));
    int at = user - firstUser(base);
    int restAt = at < full ? -1 : restAt(base);
    return restAt < 0 ? bytes[base + each + 1 + at] : rest[restAt + each + at - full];
  }

  /** Returns the counts that the blocks were made from. */
  byte[] counts() {
    byte[] counts = new byte[buckets];
    for (int bucket = 0; bucket < buckets; bucket++) {
      counts[bucket] = (byte) countAt(bucket);
    }
    return counts;
  }

  /** Returns the prints that the blocks were made from, and as many zero bytes after them. */
  byte[] prints(int padding) {
    byte[] prints = new byte[users + padding];
    for (int base = FIRST_BLOCK; base + BLOCK_BYTES <= bytes.length; base += BLOCK_BYTES) {
      int first = firstUser(base);
      int end = endUser(base);
      int restAt = restAt(base);
      int kept = restAt < 0 ? end - first : full;
      System.arraycopy(bytes, base + each + 1, prints, first, kept);
      if (restAt >= 0) {
        System.arraycopy(rest, restAt + each, prints, first + kept, end - first - kept);
      }
    }
    return prints;
  }

  /** Returns how many users all buckets have. */
  int users() {
    return users;
  }

  /** Returns the most users that a bucket has. */
  int longest() {
    return longest;
  }

  /** Returns how many bytes this takes in memory. */
  long memory() {
    return (long) bytes.length + rest.length;
  }
}
