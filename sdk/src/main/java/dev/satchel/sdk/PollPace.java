package dev.satchel.sdk;

import java.time.Duration;

/**
 * How long to wait before the next poll: the interval, give or take a tenth so that a fleet that
 * started together drifts apart; after failures sooner, from one second doubling up to the
 * interval.
 */
record PollPace(Duration interval) {
  private static final long FIRST_RETRY_MILLIS = 1_000;

  /**
   * Milliseconds to wait, at least 1.
   *
   * @param failures attempts that failed in a row
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  long delayMillis(int failures, double random) {
    long delay = interval.toMillis();
    if (failures > 0) {
      // 2^20 s is past every allowed interval, and further doubling would overflow
      delay = Math.min(delay, FIRST_RETRY_MILLIS << Math.min(failures - 1, 20));
    }
    return Math.max(1, Math.round(delay * (0.9 + 0.2 * random)));
  }
}
