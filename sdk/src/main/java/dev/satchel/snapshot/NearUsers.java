package dev.satchel.snapshot;

/**
 * Guesses who is in a bucket, from memory so small that it stays near: a few dozen users off where
 * a million ids are spread evenly. A lookup reads what belongs to the guessed user while it waits
 * for the bucket. An entry of the true user is then mostly on the same page of memory, whose
 * address a processor has to look up first, and the bits of a field on the same line.
 */
final class NearUsers {
  /*
   * A lookup reads these after the branch that returns if nobody in the bucket can have the id:
   *
   *     block of the bucket  ->  nobody? return  ->  what belongs to the guessed user  ->  compare
   *
   * That does not make them wait for the block. A processor predicts the branch, and goes on with
   * what is behind it before the block has come. Where most ids belong to somebody, it begins with
   * all three lines at once; where most belong to nobody, it reads the block alone. It predicts
   * wrongly most often where the two take turns at random; then a lookup waits as without a guess.
   */

  private static final int MOST_BITS = 8;

  /** The first user of each 256th of the buckets, and the number of users; none is after them. */
  private final int[] firstUsers;

  /** How many bits of a bucket's number choose one within a 256th. */
  private final int lowBits;

  private final int lowMask;

  NearUsers(Blocks blocks, int bucketBits) {
    int bits = Math.min(bucketBits, MOST_BITS);
    int parts = 1 << bits;
    this.firstUsers = new int[parts + 1];
    this.lowBits = bucketBits - bits;
    this.lowMask = (1 << lowBits) - 1;
    for (int i = 0; i < parts; i++) {
      firstUsers[i] = Math.max(Math.min(blocks.startAt(i << lowBits), blocks.users() - 1), 0);
    }
    firstUsers[parts] = blocks.users();
  }

  /** Returns a user, if there are any; 0 otherwise. Costs a look at two neighbouring numbers. */
  int near(int bucket) {
    int part = bucket >>> lowBits;
    int first = firstUsers[part];
    int users = firstUsers[part + 1] - first;
    return first + (int) (((long) users * (bucket & lowMask)) >>> lowBits);
  }
}
