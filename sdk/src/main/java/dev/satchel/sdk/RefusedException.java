package dev.satchel.sdk;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the source offers cannot be used; the view in use stays. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean lasting;
  private final @Nullable Duration retryAfter;

  RefusedException(String message) {
    this(message, false, null);
  }

  private RefusedException(String message, boolean lasting, @Nullable Duration retryAfter) {
    super(message);
    this.lasting = lasting;
    this.retryAfter = retryAfter;
  }

  /** The bytes are what was announced, and yet unusable. */
  static RefusedException forGood(String message) {
    return new RefusedException(message, true, null);
  }

  /** The source asks to be left alone for a while, or not if null. */
  static RefusedException until(@Nullable Duration retryAfter, String message) {
    return new RefusedException(message, false, retryAfter);
  }

  /** Whether the same announcement can never become usable, so that to fetch it again is waste. */
  boolean isLasting() {
    return lasting;
  }

  /** How long the source asked to be left alone. */
  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
