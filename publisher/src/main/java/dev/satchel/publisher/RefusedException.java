package dev.satchel.publisher;

/**
 * A publication that must not be written; what is in KV stays as it is. The message is one line.
 */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
