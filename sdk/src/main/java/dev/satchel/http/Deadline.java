package dev.satchel.http;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** A time limit, by the monotonic clock. */
record Deadline(long startedNanos, long timeoutNanos) {

  static Deadline in(Duration timeout) {
    return new Deadline(System.nanoTime(), timeout.toNanos());
  }

  /** Returns the milliseconds left, at least 1. */
  int leftMillis() throws SocketTimeoutException {
    long left = timeoutNanos - (System.nanoTime() - startedNanos);
    if (left <= 0) {
      throw new SocketTimeoutException("expected it within " + timeoutNanos / 1_000_000 + " ms");
    }
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, left / 1_000_000));
  }

  long elapsedMillis() {
    return (System.nanoTime() - startedNanos) / 1_000_000;
  }
}
