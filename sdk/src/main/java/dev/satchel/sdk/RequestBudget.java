package dev.satchel.sdk;

import java.time.Duration;
import java.time.Instant;

/**
 * So many requests in any five minutes and no more: a bucket that holds half of them, and is filled
 * with the other half over five minutes. Confined to one thread at a time.
 */
final class RequestBudget {
  // developers.cloudflare.com/fundamentals/api/reference/limits: its requests are counted so
  private static final double WINDOW_MILLIS = 300_000;

  private final double most;
  private double left;
  private Instant filledAt;

  /**
   * A full bucket.
   *
   * @param requests in five minutes, at least 4
   */
  RequestBudget(int requests, Instant now) {
    this.most = requests / 2.0;
    this.left = most;
    this.filledAt = now;
  }

  /** Takes this many and answers zero, or takes none and answers how long to wait for them. */
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

  /** Takes back what was not needed after all. */
  void giveBack(int requests) {
    left = Math.min(most, left + requests);
  }
}
