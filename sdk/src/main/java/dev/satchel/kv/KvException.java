package dev.satchel.kv;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The store could not be reached, or refused. The message has no secret and is one line. */
public final class KvException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Where no HTTP answer came: the connection failed, stalled or was cut. */
  public static final int NO_STATUS = 0;

  private final int status;
  private final int code;
  private final boolean mayPass;
  private final @Nullable Duration retryAfter;

  /** Tells by {@code status} whether the failure may pass; for other stores than Cloudflare's. */
  public KvException(String message, int status, int code) {
    this(message, status, code, mayPass(status), null);
  }

  /** As the other, with everything told. */
  public KvException(
      String message, int status, int code, boolean mayPass, @Nullable Duration retryAfter) {
    super(message);
    this.status = status;
    this.code = code;
    this.mayPass = mayPass;
    this.retryAfter = retryAfter;
  }

  /** The HTTP status, or {@link #NO_STATUS}. */
  public int status() {
    return status;
  }

  /** Cloudflare's error code, or 0 where the answer had none. */
  public int code() {
    return code;
  }

  /**
   * Whether the same call may succeed later without anybody mending anything: connections that
   * fail, 408, 429 and 5xx.
   */
  public boolean mayPass() {
    return mayPass;
  }

  /** How long the store asked to be left alone, or empty if it did not say. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Whether a call that was answered with this status may succeed later, by itself. */
  public static boolean mayPass(int status) {
    return status == NO_STATUS || status == 408 || status == 429 || (status >= 500 && status < 600);
  }

  /** The same failure with more said of it. */
  public KvException withNote(String note) {
    return new KvException(getMessage() + note, status, code, mayPass, retryAfter);
  }
}
