package dev.satchel.sdk;

import java.time.Duration;
import java.time.Instant;

/**
 * Limits requests in any five minutes: a bucket that holds half of them and is refilled with the
 * other half over five minutes. Confined to one thread at a time.
 */
final class RequestBudget {
  // developers.cloudflare.com/fundamentals/api/reference/limits: this is how it counts requests
  private static final double WINDOW_MILLIS = 300_000;

  private final double most;
  private double left;
  private Instant filledAt;

  /**
   * Makes a full bucket.
   *
   * @param requests in five minutes, at least 4
   */
  RequestBudget(int requests, Instant now) {
    this.most = requests / 2.0;
    this.left = most;
    this.filledAt = now;
  }

  /**
   * Takes this many requests and returns zero, or takes none and returns how long to wait for them.
   */
  Duration take(int requests, Instant now) {
    if (now.isAfter(filledAt)) {
      double elapsed = (double) Duration.between(filledAt, now).toMillis();
      left = Math.min(most, left + elapsed * most / WINDOW_MILLIS);
    }
    filledAt = now;
    if (left >= requests) {
      left -= requests;
      return Duration.ZERO;
    }
    return Duration.ofMillis((long) Math.ceil((requests - left) * WINDOW_MILLIS / most));
  }

  /** Gives back requests that were not needed. */
  void giveBack(int requests) {
    left = Math.min(most, left + requests);
  }
}
