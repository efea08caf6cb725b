package dev.satchel.snapshot;

import org.jspecify.annotations.Nullable;

/** Finds users by ids that are numbers of 128 bits. Allocates nothing. Safe for any thread. */
interface NumberSearch {
  /**
   * Returns the number of the user with this id, given as two words, or {@link Snapshot#NO_USER}.
   *
   * @param next a column whose value of this user is wanted next: begins to read it
   */
  int find(long idHigh, long idLow, @Nullable Column next);
}
