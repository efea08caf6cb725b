package dev.satchel.publisher.store;

/** Thrown when a person holds the published snapshot, so that nothing else is published now. */
public final class HeldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public HeldException(Hold hold) {
    super(hold.inWords());
  }
}
