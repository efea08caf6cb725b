package dev.satchel.publisher.publish;

/**
 * Follows the progress of a publication. Called by the thread that does the work, one call at a
 * time.
 */
public interface Progress {
  /** Ignores all progress. */
  Progress NONE = new Progress() {};

  /** Called when a stage begins. */
  default void begin(String stage) {}

  /**
   * Called as users are read: how many so far, in roughly how many bytes; {@code expected} is 0
   * when unknown.
   */
  default void read(long users, long bytes, long expected) {}

  /** Called as pairs of users are written: how many so far, and how many there will be. */
  default void wrote(long pairs, long expected) {}

  /** Called when a stage ends, successfully or not. */
  default void end(String stage, double seconds) {}
}
