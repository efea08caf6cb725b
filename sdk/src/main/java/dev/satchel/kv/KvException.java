package dev.satchel.kv;

/** The store could not be reached, or refused. The message has no secret and is one line. */
public final class KvException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Where no HTTP answer came: the connection failed, stalled or was cut. */
  public static final int NO_STATUS = 0;

  private final int status;
  private final int code;

  KvException(String message, int status, int code, Throwable cause) {
    super(message, cause);
    this.status = status;
    this.code = code;
  }

  KvException(String message, int status, int code) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** The HTTP status, or {@link #NO_STATUS}. */
  public int status() {
    return status;
  }

  /** Cloudflare's error code, or 0 where the answer had none. */
  public int code() {
    return code;
  }
}
