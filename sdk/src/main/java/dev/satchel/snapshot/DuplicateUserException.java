package dev.satchel.snapshot;

/**
 * Thrown when two users have the same id, so that one of them would be lost. The message names the
 * id.
 */
public final class DuplicateUserException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DuplicateUserException(Object id) {
    super("expected one row for each user id but found several for " + id);
  }
}
