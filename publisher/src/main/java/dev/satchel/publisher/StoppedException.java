package dev.satchel.publisher;

/** Thrown when the program was told to stop before this publication wrote anything. */
final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoppedException() {
    super("told to stop, so nothing more was written");
  }
}
