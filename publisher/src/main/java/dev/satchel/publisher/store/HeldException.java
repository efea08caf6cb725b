package dev.satchel.publisher.store;

/** Somebody holds what is published, so nothing else is published now. */
public final class HeldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public HeldException(Hold hold) {
    super(hold.inWords());
  }
}
