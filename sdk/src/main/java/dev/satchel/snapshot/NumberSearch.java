package dev.satchel.snapshot;

/** Finds users by ids that are numbers of 128 bits. Allocates nothing. Safe for any thread. */
interface NumberSearch {
  /**
   * Returns the number of the user with this id, given as two words, or {@link Snapshot#NO_USER}.
   */
  int find(long idHigh, long idLow);
}
