package dev.satchel.publisher.source;

/** Follows the progress of a read. Called after each batch of rows, on a worker thread. */
@FunctionalInterface
public interface ReadProgress {
  /** Ignores all progress. */
  ReadProgress NONE = (users, expected) -> {};

  /**
   * Called with the progress so far.
   *
   * @param users handed over so far
   * @param expected PostgreSQL's own estimate of the total; can be far off for a table never
   *     analyzed
   */
  void read(long users, long expected);
}
