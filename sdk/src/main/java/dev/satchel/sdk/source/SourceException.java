package dev.satchel.sdk.source;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says why a source, or the snapshot it offers, cannot be used now; the snapshot in use stays. The
 * message is one line without secrets.
 */
public final class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private enum Kind {
    PASSING,
    TOO_OFTEN,
    LASTING,
    NEVER_USABLE
  }

  private final Kind kind;
  private final @Nullable Duration retryAfter;

  private SourceException(Kind kind, String message, @Nullable Duration retryAfter) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /**
   * Returns an exception for a failure that may pass without any repair: a failed connection, a
   * server that restarts. A client that is opening asks again within its start timeout.
   */
  public static SourceException passing(String message) {
    return passing(message, null);
  }

  /**
   * Returns the same exception for a source that asks clients to wait this long, or does not if
   * null.
   */
  public static SourceException passing(String message, @Nullable Duration retryAfter) {
    return new SourceException(Kind.PASSING, message, retryAfter);
  }

  /**
   * Returns an exception for a source that is asked too often: the next attempt comes no sooner
   * than the poll interval, nor than {@code retryAfter} if it is given.
   */
  public static SourceException tooOften(String message, @Nullable Duration retryAfter) {
    return new SourceException(Kind.TOO_OFTEN, message, retryAfter);
  }

  /** Returns an exception for a source that answers like this until someone repairs it. */
  public static SourceException lasting(String message) {
    return new SourceException(Kind.LASTING, message, null);
  }

  /**
   * Returns an exception for a value that is the announced one and yet can never be used: it is not
   * fetched again until something else is announced.
   */
  public static SourceException neverUsable(String message) {
    return new SourceException(Kind.NEVER_USABLE, message, null);
  }

  /** Returns whether asking again may succeed without any repair. */
  public boolean isPassing() {
    return kind == Kind.PASSING || kind == Kind.TOO_OFTEN;
  }

  /** Returns whether the source is asked too often. */
  public boolean isTooOften() {
    return kind == Kind.TOO_OFTEN;
  }

  /**
   * Returns whether the announced value can never become usable, so that fetching it again is
   * useless.
   */
  public boolean isNeverUsable() {
    return kind == Kind.NEVER_USABLE;
  }

  /** Returns how long the source asked clients to wait, or empty if it did not. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
