package dev.satchel.snapshot;

/** A walk over numeric ids in ascending order of their users. Confined to one thread. */
final class IdCursor {
  private final NumericIds ids;
  private final long[] words = new long[2];
  private int bucket = -1;
  private int bucketEnd;

  IdCursor(NumericIds ids) {
    this.ids = ids;
  }

  /** Goes to a user, who must not stand before the one where the cursor is. */
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
