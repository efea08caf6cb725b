package dev.satchel.publisher.publish;

/** Is told how a publication gets on. Called by whichever thread does the work, one at a time. */
public interface Progress {
  /** Tells nobody. */
  Progress NONE = new Progress() {};

  /** A stage begins. */
  default void begin(String stage) {}

  /** So many users were read, with roughly so many bytes; {@code expected} is 0 when unknown. */
  default void read(long users, long bytes, long expected) {}

  /** A stage ended, well or not. */
  default void end(String stage, double seconds) {}
}
