package dev.satchel.sdk;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Limits requests in any five minutes: a bucket that holds half of them and is refilled with the
 * other half over five minutes. Confined to one thread at a time.
 */
final class RequestBudget {
  // developers.cloudflare.com/fundamentals/api/reference/limits: this is how it counts requests
  private static final double WINDOW_MILLIS = 300_000;

  /** A fifth of an account's 1,200 requests in 5 minutes. */
  private static final int DEFAULT = 240;

  /**
   * Seconds between two refreshes times budget, below which they need a larger budget: a refresh
   * makes two requests, some come early, and half a budget is refilled.
   */
  private static final double BUDGET_SECONDS = 1_400;

  /** A client that is told of changes may refresh this often. */
  private static final Duration BETWEEN_CHANGES = Duration.ofSeconds(1);

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

  /** Returns the budget of a client that polls this often and may be told of changes between. */
  static int byDefault(Duration pollInterval, @Nullable Duration longestWait) {
    boolean isToldSooner = longestWait != null && pollInterval.compareTo(BETWEEN_CHANGES) > 0;
    double seconds = (isToldSooner ? BETWEEN_CHANGES : pollInterval).toMillis() / 1_000.0;
    return Math.max(DEFAULT, (int) Math.ceil(BUDGET_SECONDS / seconds));
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
