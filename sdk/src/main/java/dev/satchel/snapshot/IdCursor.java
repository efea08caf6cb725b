package dev.satchel.snapshot;

/** Walks over numeric ids in ascending order of their users. Confined to one thread. */
final class IdCursor {
  private final NumericIds ids;
  private final long[] words = new long[2];
  private int bucket = -1;
  private int bucketEnd;

  /** Stands before the first user. */
  IdCursor(NumericIds ids) {
    this.ids = ids;
  }

  /** Stands before this user. */
  IdCursor(NumericIds ids, int user) {
    this.ids = ids;
    bucket = ids.bucketOf(user);
    bucketEnd = ids.startAt(bucket) + ids.countAt(bucket);
  }

  /** Moves to a user, who must not come before the current one. */
  void moveTo(int user) {
    while (user >= bucketEnd) {
      bucketEnd += ids.countAt(++bucket);
    }
    ids.idIn(bucket, user, words);
  }

  long high() {
    return words[0];
  }

  long low() {
    return words[1];
  }
}
