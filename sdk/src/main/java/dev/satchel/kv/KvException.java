package dev.satchel.kv;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the store could not be reached, or refused a call. The message is one line without
 * secrets.
 */
public final class KvException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The status when no HTTP answer came: the connection failed, stalled or was cut. */
  public static final int NO_STATUS = 0;

  private final int status;
  private final int code;
  private final boolean mayPass;
  private final @Nullable Duration retryAfter;

  /**
   * Makes an exception whose {@code status} decides whether the failure may pass; for stores other
   * than Cloudflare's.
   */
  public KvException(String message, int status, int code) {
    this(message, status, code, mayPass(status), null);
  }

  /** Makes an exception from all its parts. */
  public KvException(
      String message, int status, int code, boolean mayPass, @Nullable Duration retryAfter) {
    super(message);
    this.status = status;
    this.code = code;
    this.mayPass = mayPass;
    this.retryAfter = retryAfter;
  }

  /** Returns the HTTP status, or {@link #NO_STATUS}. */
  public int status() {
    return status;
  }

  /** Returns Cloudflare's error code, or 0 if the answer had none. */
  public int code() {
    return code;
  }

  /**
   * Returns whether the same call may succeed later without any repair: failed connections, 408,
   * 429 and 5xx.
   */
  public boolean mayPass() {
    return mayPass;
  }

  /** Returns how long the store asked clients to wait, or empty if it did not. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /**
   * Returns whether a call that was answered with this status may succeed later without any repair.
   */
  public static boolean mayPass(int status) {
    return status == NO_STATUS || status == 408 || status == 429 || (status >= 500 && status < 600);
  }

  /** Returns the same failure with a note added to its message. */
  public KvException withNote(String note) {
    return new KvException(getMessage() + note, status, code, mayPass, retryAfter);
  }
}
