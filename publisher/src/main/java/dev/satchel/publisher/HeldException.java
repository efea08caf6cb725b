package dev.satchel.publisher;

/** Thrown when a person holds the published snapshot, so that nothing else is published now. */
final class HeldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  HeldException(Hold hold) {
    super(hold.inWords());
  }
}
