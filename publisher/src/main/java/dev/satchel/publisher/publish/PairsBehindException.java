package dev.satchel.publisher.publish;

/** The snapshot is published, but not all pairs of its users are. The message is one line. */
public final class PairsBehindException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PairsBehindException(String message, Throwable cause) {
    super(message, cause);
  }
}
