package dev.satchel.publisher.lock;

/** Thrown when the program was told to stop before this publication wrote anything. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoppedException() {
    super("told to stop, so nothing more was written");
  }
}
