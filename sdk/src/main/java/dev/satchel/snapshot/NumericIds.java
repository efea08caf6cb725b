package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * User ids that are numbers of up to 128 bits, sorted, searchable without allocating. What a
 * snapshot stores is also the index. Immutable, safe for any thread.
 */
final class NumericIds implements NumberSearch {
  /*
   * A sorted list of uniform numbers need not store their upper bits: it is enough to count how
   * many numbers share them [1]. So a number is cut in three, here for a million version 4 UUIDs,
   * in which 122 bits vary:
   *
   *     | bucket, 18 bits | print, 8 bits | entry, 96 bits = 12 bytes |
   *
   * Each of the 2^18 buckets has a count; each user, numbered in the order of the numbers, has a
   * print and an entry. An entry is whole bytes, a print the 1 to 8 bits above them. For four numbers of 18 bits, written as
   * bucket.print.entry, with two bits for the bucket:
   *
   *     user       0        1        2        3
   *     number     1.3A.07  1.3A.C2  1.B0.11  2.05.9F
   *
   *     counts     0 3 1 0          (buckets 0 to 3)
   *     prints     3A 3A B0 05
   *     entries    07 C2 11 9F
   *
   * In memory, counts and prints are in Blocks, one line of memory for about ten buckets; the
   * entries stay as they are stored. To find 1.B0.11, read from the block that bucket 1 starts with
   * user 0 and ends before user 3; compare the prints of users 0 to 7 with B0, in one word [2], as
   * a hash table of tags does [3]; the first that is equal is user 2, before the end; compare its
   * entry. To find 1.3A.C2, the first equal print is user 0's, whose entry is another: search()
   * looks at all users of the bucket. Few lookups need it.
   *
   * So a hit waits for two lines of memory, the block's and the entry's, and most misses for one.
   * The address of neither depends on a branch that a processor cannot predict, since a wrong guess
   * would cost the whole wait for that memory; so find() has no loop.
   *
   * [1] P. Elias, Efficient Storage and Retrieval by Content and Address of Static Files, Journal
   *     of the ACM 21(2), 1974
   * [2] H. S. Warren, Hacker's Delight, 2nd edition, 6-1: find first 0-byte
   * [3] abseil.io/about/design/swisstables
   */

  /** Bytes after the last entry, so that sixteen can be read from any entry on. */
  static final int ENTRY_PADDING = 16;

  /**
   * Bytes after the last print. Nothing reads them, but a patch counts them in the run's length.
   */
  static final int PRINT_PADDING = 8;

  final IdBits bits;
  final int bucketBits;
  final Blocks blocks;
  final byte[] entries;
  final int entryBytes;
  final int printMask;

  /** The bits of the number's upper word that are in an entry. */
  final long highMask;

  final NearUsers nearUsers;

  /** Zero, which the compiler does not know: it has to read what is masked with it. */
  final long noBits;

  private final long lowMask;
  private final int lowBits;
  private final int entryBits;

  /** Keeps entries, which end with their padding. */
  NumericIds(IdBits bits, int bucketBits, Blocks blocks, byte[] entries) {
    this.bits = bits;
    this.bucketBits = bucketBits;
    this.lowBits = bits.width - bucketBits;
    this.blocks = blocks;
    this.entries = entries;
    this.entryBytes = entryBytes(lowBits);
    this.entryBits = 8 * entryBytes;
    this.printMask = (1 << (lowBits - entryBits)) - 1;
    this.lowMask = mask(Math.min(entryBits, 64));
    this.highMask = mask(Math.max(entryBits - 64, 0));
    this.nearUsers = new NearUsers(blocks, bucketBits);
    this.noBits = Math.max(entryBytes - Long.BYTES - Long.BYTES, 0); // an entry has fewer bytes
  }

  private static long mask(int width) {
    return width == 0 ? 0 : -1L >>> (64 - width);
  }

  /** Returns the bytes of an entry: as many whole ones as leave 1 to 8 bits for the print. */
  static int entryBytes(int lowBits) {
    return Math.max(lowBits - 1, 0) >>> 3;
  }

  /**
   * Returns how many bits choose a bucket. A bucket gets half a user to four users on average,
   * whichever leaves the widest prints.
   *
   * @param width bits of a number
   */
  static int bucketBits(int users, int width) {
    int log = 31 - Integer.numberOfLeadingZeros(Math.max(users, 1));
    int most = Math.min(Buckets.mostBits(users), width);
    int best = Math.min(Math.max(log - 1, 0), most);
    for (int bits = best + 1; bits <= most; bits++) {
      if (printBits(width - bits) > printBits(width - best)) {
        best = bits;
      }
    }
    return best;
  }

  private static int printBits(int lowBits) {
    return lowBits - 8 * entryBytes(lowBits);
  }

  @Override
  public int find(long idHigh, long idLow, @Nullable Column next) {
    if (users() == 0 || !bits.matches(idHigh, idLow)) {
      return NO_USER;
    }
    long high = bits.high(idHigh, idLow);
    long low = bits.low(idHigh, idLow);
    int candidate = candidateOf(high, low);
    if (candidate < 0) {
      return candidate == NO_USER ? NO_USER : search(high, low);
    }
    long touched = 0;
    if (next != null) {
      int near = nearUsers.near((int) shiftRight(high, low, lowBits));
      touched = entries[near * entryBytes] | next.touch(near);
    }
    return isAt(candidate, high, low | (touched & noBits)) ? candidate : search(high, low);
  }

  /** Reads the block of an id and returns what it is from. */
  int touch(long idHigh, long idLow) {
    long high = bits.high(idHigh, idLow);
    long low = bits.low(idHigh, idLow);
    return blocks.touch((int) shiftRight(high, low, lowBits));
  }

  /**
   * Returns the only user who may have this id, {@link Snapshot#NO_USER} if none has, or {@link
   * Blocks#UNSURE}. Reads a block and no entry.
   */
  int candidate(long idHigh, long idLow) {
    return bits.matches(idHigh, idLow)
        ? candidateOf(bits.high(idHigh, idLow), bits.low(idHigh, idLow))
        : NO_USER;
  }

  private int candidateOf(long high, long low) {
    int print = (int) shiftRight(high, low, entryBits) & printMask;
    return blocks.candidate((int) shiftRight(high, low, lowBits), print);
  }

  /**
   * Finds the same user as {@link #find} by the number of an id: also after the first eight of a
   * bucket, after another with the same print, and where a block has no room for a print.
   */
  int search(long high, long low) {
    int bucket = (int) shiftRight(high, low, lowBits);
    int print = (int) shiftRight(high, low, entryBits) & printMask;
    int first = blocks.startAt(bucket);
    int end = first + blocks.countAt(bucket);
    for (int user = first; user < end; user++) {
      if ((blocks.printAt(bucket, user) & 0xFF) == print && isAt(user, high, low)) {
        return user;
      }
    }
    return NO_USER;
  }

  private boolean isAt(int user, long high, long low) {
    int at = user * entryBytes;
    return (((LittleEndian.getLong(entries, at) ^ low) & lowMask)
            | ((LittleEndian.getLong(entries, at + 8) ^ high) & highMask))
        == 0;
  }

  /**
   * Puts the id of a user into {@code id}, the high word first. Costs a search of the directory.
   */
  void id(int user, long[] id) {
    idIn(bucketOf(user), user, id);
  }

  /** Returns the bucket of a user. */
  int bucketOf(int user) {
    int low = 0;
    int high = 1 << (bits.width - lowBits);
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (blocks.startAt(middle) <= user) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Returns the first user of a bucket, or of the next one that has any. */
  int startAt(int bucket) {
    return blocks.startAt(bucket);
  }

  /** Returns how many users a bucket has. */
  int countAt(int bucket) {
    return blocks.countAt(bucket);
  }

  /** Puts the id of a user of this bucket into {@code id}, the high word first. */
  void idIn(int bucket, int user, long[] id) {
    int at = user * entryBytes;
    long numberLow = LittleEndian.getLong(entries, at) & lowMask;
    long numberHigh = LittleEndian.getLong(entries, at + 8) & highMask;
    long print = blocks.printAt(bucket, user) & printMask;
    numberHigh |= shiftLeftHigh(print, entryBits);
    numberLow |= entryBits >= 64 ? 0 : print << entryBits;
    numberHigh |= shiftLeftHigh(bucket, lowBits);
    numberLow |= lowBits >= 64 ? 0 : (long) bucket << lowBits;
    bits.idOf(numberHigh, numberLow, id);
  }

  /** Returns how many ids there are. */
  int users() {
    return blocks.users();
  }

  /** Returns the number of bits in which the ids differ. */
  int width() {
    return bits.width;
  }

  /** Returns the most ids that a bucket has. */
  int longestBucket() {
    return blocks.longest();
  }

  /** Returns what the section of the ids opened to; only the entries are kept as they were. */
  List<Run> runs() {
    byte[] counts = blocks.counts();
    byte[] prints = blocks.prints(PRINT_PADDING);
    return List.of(
        new Run(counts, counts.length, Byte.SIZE, Run.NO_ROWS),
        new Run(prints, prints.length - PRINT_PADDING, Byte.SIZE, Run.USERS),
        new Run(entries, entries.length - ENTRY_PADDING, entryBytes * Byte.SIZE, Run.USERS));
  }

  /** Returns whether users are in another order than their ids. */
  boolean isMixed() {
    return bits.mixed;
  }

  long bytes() {
    return blocks.memory() + entries.length;
  }

  /** Returns the low word of a 128-bit number shifted right by 0 to 128 bits. */
  static long shiftRight(long high, long low, int by) {
    if (by >= 64) {
      return by == 128 ? 0 : high >>> (by - 64);
    }
    return by == 0 ? low : (low >>> by) | (high << (64 - by));
  }

  /** Returns the high word of a 64-bit number shifted left by 0 to 127 bits within 128. */
  static long shiftLeftHigh(long value, int by) {
    if (by >= 64) {
      return by == 128 ? 0 : value << (by - 64);
    }
    return by == 0 ? 0 : value >>> (64 - by);
  }
}
