package dev.satchel.snapshot;

/**
 * Thrown when bytes are not a snapshot that this reader understands. The snapshot in use is not
 * affected.
 */
public final class SnapshotFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SnapshotFormatException(String message) {
    super(message);
  }

  SnapshotFormatException(String place, int at, String expected, Object found) {
    super("expected " + expected + " but found " + found + " at byte " + at + " of " + place);
  }
}
