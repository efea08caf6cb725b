package dev.satchel.publisher.source;

/** Hears how far a read has come. Called after each batch of rows, on a worker thread. */
@FunctionalInterface
public interface ReadProgress {
  /** Hears nothing. */
  ReadProgress NONE = (users, expected) -> {};

  /**
   * One step.
   *
   * @param users handed over so far
   * @param expected PostgreSQL's own estimate of all; can be far off for a table never analyzed
   */
  void read(long users, long expected);
}
