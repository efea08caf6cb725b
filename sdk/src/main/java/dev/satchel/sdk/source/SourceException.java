package dev.satchel.sdk.source;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a source, or what it offers, cannot be used now; the snapshot in use stays. The message is
 * one line without secrets.
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
   * Asking again may succeed without anybody mending anything: a connection that failed, a server
   * that restarts. A client that opens asks again within its start timeout.
   */
  public static SourceException passing(String message) {
    return passing(message, null);
  }

  /** The same of a source that asks to be left alone for a while, or not if null. */
  public static SourceException passing(String message, @Nullable Duration retryAfter) {
    return new SourceException(Kind.PASSING, message, retryAfter);
  }

  /**
   * The source is asked too often: no attempt comes sooner than the poll interval, nor than {@code
   * retryAfter}, if it is given.
   */
  public static SourceException tooOften(String message, @Nullable Duration retryAfter) {
    return new SourceException(Kind.TOO_OFTEN, message, retryAfter);
  }

  /** The source has answered, and will answer so until somebody mends something. */
  public static SourceException lasting(String message) {
    return new SourceException(Kind.LASTING, message, null);
  }

  /**
   * The value is what was announced, and yet can never be used: it is not fetched again until
   * something else is announced.
   */
  public static SourceException neverUsable(String message) {
    return new SourceException(Kind.NEVER_USABLE, message, null);
  }

  /** Whether asking again may succeed by itself. */
  public boolean isPassing() {
    return kind == Kind.PASSING || kind == Kind.TOO_OFTEN;
  }

  /** Whether the source is asked too often. */
  public boolean isTooOften() {
    return kind == Kind.TOO_OFTEN;
  }

  /** Whether the same announcement can never become usable, so that to fetch it again is waste. */
  public boolean isNeverUsable() {
    return kind == Kind.NEVER_USABLE;
  }

  /** How long the source asked to be left alone, or empty if it did not. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
