package dev.satchel.snapshot;

/** Finds users by ids that are numbers of 128 bits. Allocates nothing, safe for any thread. */
interface NumberSearch {
  /** The number of the user with the id of these words, or {@link Snapshot#NO_USER}. */
  int find(long idHigh, long idLow);
}
