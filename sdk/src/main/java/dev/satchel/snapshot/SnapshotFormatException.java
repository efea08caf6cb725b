package dev.satchel.snapshot;

/** The bytes are not a snapshot that this reader understands. */
public final class SnapshotFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SnapshotFormatException(String message) {
    super(message);
  }
}
