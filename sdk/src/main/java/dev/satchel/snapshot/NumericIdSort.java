package dev.satchel.snapshot;

import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Sorts ids by the numbers that stand for them, and makes what {@link NumericIds} stores of each.
 *
 * <p>In two steps, each on several threads. First the numbers are distributed to up to 256 groups
 * by their uppermost bits. A group is small enough for a processor's cache, and there it is sorted.
 * Each thread has places of its own to write to, so that the result is the same on any number of
 * threads.
 *
 * <p>Memory for each user: the number, 8 bytes and 8 more if it is wider than 64 bits, and an index
 * of 4 bytes. The ids are not needed any more once their numbers are distributed.
 */
final class NumericIdSort {
  private static final int MAX_GROUP_BITS = 8;

  /** How many users a thread distributes at a time. */
  private static final int PART_USERS = 1 << 15;

  private final IdBits bits;
  private final int bucketBits;
  private final int lowBits;
  private final int groupBits;
  private final int users;

  /** For each group the place of its first number, and at the end the number of users. */
  private final int[] groupStarts;

  // by place: first in the order of the groups and, within one, in that of the ids
  private final long[] numberHigh;
  private final long[] numberLow;
  private final int[] given;

  /** How many numbers each bucket has, if none has too many. */
  private final byte[] counts;

  private final boolean fits;

  /**
   * What is stored of the ids, in the order of their numbers.
   *
   * @param order the index at which each id was given
   * @param repeated the place of a number that another equals, if there is one; always of the same
   *     number
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Sorted(byte[] counts, byte[] prints, byte[] entries, int[] order, OptionalInt repeated) {
    /** Makes the frames, on several threads. */
    FrameWriter frames() {
      FrameWriter frames = new FrameWriter();
      frames.write(counts, FrameWriter.PLAIN_LEVEL);
      frames.write(prints, FrameWriter.PLAIN_LEVEL);
      frames.write(entries, FrameWriter.PLAIN_LEVEL);
      return frames;
    }
  }

  /** Distributes the numbers of ids of two words. */
  NumericIdSort(LongList high, LongList low, IdBits bits, int bucketBits) {
    this.bits = bits;
    this.bucketBits = bucketBits;
    lowBits = bits.width - bucketBits;
    groupBits = Math.min(bucketBits, MAX_GROUP_BITS);
    users = low.size();
    numberHigh = new long[bits.width > Long.SIZE ? users : 0];
    numberLow = new long[users];
    given = new int[users];
    counts = new byte[1 << bucketBits];
    groupStarts = new int[groups() + 1];
    distribute(high, low);
    fits = IntStream.range(0, groups()).parallel().allMatch(this::countByBucket);
  }

  private int groups() {
    return 1 << groupBits;
  }

  private int bucketsInGroup() {
    return 1 << (bucketBits - groupBits);
  }

  private void distribute(LongList high, LongList low) {
    int parts = (users + PART_USERS - 1) / PART_USERS;
    int[][] ends = new int[parts][];
    IntStream.range(0, parts).parallel().forEach(part -> ends[part] = groupSizes(high, low, part));
    int place = 0;
    for (int group = 0; group < groups(); group++) {
      groupStarts[group] = place;
      for (int part = 0; part < parts; part++) {
        int size = ends[part][group];
        ends[part][group] = place;
        place += size;
      }
    }
    groupStarts[groups()] = place;
    IntStream.range(0, parts).parallel().forEach(part -> distribute(high, low, part, ends[part]));
  }

  private int[] groupSizes(LongList high, LongList low, int part) {
    int[] sizes = new int[groups()];
    int to = Math.min(users, (part + 1) * PART_USERS);
    for (int i = part * PART_USERS; i < to; i++) {
      sizes[group(high.get(i), low.get(i))]++;
    }
    return sizes;
  }

  /**
   * Puts the numbers of a part where their groups are.
   *
   * @param ends for each group the place of the part's first number; used up
   */
  private void distribute(LongList high, LongList low, int part, int[] ends) {
    int to = Math.min(users, (part + 1) * PART_USERS);
    for (int i = part * PART_USERS; i < to; i++) {
      long idHigh = high.get(i);
      long idLow = low.get(i);
      long ofHigh = bits.high(idHigh, idLow);
      long ofLow = bits.low(idHigh, idLow);
      int place = ends[group(idHigh, idLow)]++;
      if (numberHigh.length > 0) {
        numberHigh[place] = ofHigh;
      }
      numberLow[place] = ofLow;
      given[place] = i;
    }
  }

  private int group(long idHigh, long idLow) {
    int lower = bits.width - groupBits;
    // the upper word of a wide number has all of them
    long ofLow = lower >= Long.SIZE ? 0 : bits.low(idHigh, idLow);
    return (int) NumericIds.shiftRight(bits.high(idHigh, idLow), ofLow, lower);
  }

  private long high(int place) {
    return numberHigh.length == 0 ? 0 : numberHigh[place];
  }

  private int bucket(int place) {
    return (int) NumericIds.shiftRight(high(place), numberLow[place], lowBits);
  }

  /** Returns whether no bucket has too many numbers. */
  boolean fits() {
    return fits;
  }

  /** Counts the numbers of a group, and returns false where a bucket has too many. */
  private boolean countByBucket(int group) {
    for (int place = groupStarts[group]; place < groupStarts[group + 1]; place++) {
      if (++counts[bucket(place)] > Buckets.LONGEST) {
        return false;
      }
    }
    return true;
  }

  /** Sorts the numbers, which have to fit. */
  Sorted sort() {
    byte[] prints = new byte[users];
    byte[] entries = new byte[Math.multiplyExact(users, NumericIds.entryBytes(lowBits))];
    int[] order = new int[users];
    OptionalInt repeated =
        IntStream.range(0, groups())
            .parallel()
            .map(
                group -> {
                  int[] places = placesByBucket(group);
                  int equal = sortBuckets(group, places);
                  put(places, groupStarts[group], prints, entries, order);
                  return equal;
                })
            .filter(place -> place >= 0)
            .min();
    return new Sorted(counts, prints, entries, order, repeated);
  }

  /** Sorts the buckets of a group, and returns a place whose number repeats another, or -1. */
  private int sortBuckets(int group, int[] places) {
    int repeated = -1;
    int start = 0;
    for (int bucket = group * bucketsInGroup(); start < places.length; bucket++) {
      int end = start + counts[bucket];
      boolean hasEqual = sortByInsertion(places, start, end);
      if (hasEqual && repeated < 0) {
        repeated = firstEqual(places, start);
      }
      start = end;
    }
    return repeated;
  }

  /** Returns the places of a group's numbers, sorted by bucket only. */
  private int[] placesByBucket(int group) {
    int start = groupStarts[group];
    int firstBucket = group * bucketsInGroup();
    int[] ends = new int[bucketsInGroup() + 1];
    for (int i = 0; i < bucketsInGroup(); i++) {
      ends[i + 1] = ends[i] + counts[firstBucket + i];
    }
    int[] sorted = new int[groupStarts[group + 1] - start];
    for (int place = start; place < start + sorted.length; place++) {
      sorted[ends[bucket(place) - firstBucket]++] = place;
    }
    return sorted;
  }

  /** Sorts places by their numbers, and returns whether two numbers are equal. */
  private boolean sortByInsertion(int[] places, int start, int end) {
    boolean hasEqual = false;
    for (int i = start + 1; i < end; i++) {
      int moved = places[i];
      int at = i;
      int compared = 1;
      while (at > start && (compared = compare(moved, places[at - 1])) < 0) {
        places[at] = places[at - 1];
        at--;
      }
      places[at] = moved;
      hasEqual |= compared == 0;
    }
    return hasEqual;
  }

  /** Returns the first of some sorted places whose number the next one repeats. */
  private int firstEqual(int[] places, int start) {
    int at = start;
    while (compare(places[at], places[at + 1]) != 0) {
      at++;
    }
    return places[at];
  }

  private int compare(int a, int b) {
    int byHigh = Long.compareUnsigned(high(a), high(b));
    return byHigh != 0 ? byHigh : Long.compareUnsigned(numberLow[a], numberLow[b]);
  }

  /** Puts what is stored of the numbers at these places, for users from one on. */
  private void put(int[] places, int firstUser, byte[] prints, byte[] entries, int[] order) {
    int entryBytes = NumericIds.entryBytes(lowBits);
    int entryBits = Byte.SIZE * entryBytes;
    int mask = (1 << (lowBits - entryBits)) - 1;
    byte[] entry = new byte[2 * Long.BYTES];
    for (int i = 0; i < places.length; i++) {
      int user = firstUser + i;
      long ofHigh = high(places[i]);
      long ofLow = numberLow[places[i]];
      order[user] = given[places[i]];
      prints[user] = (byte) (NumericIds.shiftRight(ofHigh, ofLow, entryBits) & mask);
      LittleEndian.putLong(entry, 0, ofLow);
      LittleEndian.putLong(entry, Long.BYTES, ofHigh);
      System.arraycopy(entry, 0, entries, user * entryBytes, entryBytes);
    }
  }

  /** Returns the id whose number is at a place, by its two words. */
  long[] id(int place) {
    long[] id = new long[2];
    bits.idOf(high(place), numberLow[place], id);
    return id;
  }
}
