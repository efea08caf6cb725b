package dev.satchel.sdk;

/** What the source offers cannot be used; the view in use stays. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean lasting;

  RefusedException(String message) {
    this(message, false);
  }

  private RefusedException(String message, boolean lasting) {
    super(message);
    this.lasting = lasting;
  }

  /** The bytes are what was announced, and yet unusable. */
  static RefusedException forGood(String message) {
    return new RefusedException(message, true);
  }

  /** Whether the same announcement can never become usable, so that to fetch it again is waste. */
  boolean isLasting() {
    return lasting;
  }
}
