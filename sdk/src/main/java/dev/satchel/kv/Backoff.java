package dev.satchel.kv;

import java.time.Duration;

/**
 * How long to wait before a retry: a random time up to a ceiling that doubles with each failure.
 * This "full jitter" keeps clients that failed together from coming back together (Brooker,
 * Exponential Backoff And Jitter, AWS Architecture Blog 2015).
 *
 * @param base the ceiling after the first failure, 0 or more
 * @param max the highest ceiling, 0 or more
 */
public record Backoff(Duration base, Duration max) {

  public Backoff {
    if (base.isNegative() || max.isNegative()) {
      throw new IllegalArgumentException("expected delays of 0 or more but found a negative one");
    }
  }

  /**
   * Returns the wait after this many failures in a row.
   *
   * @param failures 1 or more
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  public Duration delay(int failures, double random) {
    double ceilingMillis =
        Math.min(
            (double) max.toMillis(),
            (double) base.toMillis() * Math.scalb(1.0, Math.min(failures - 1, 62)));
    return Duration.ofMillis((long) (random * ceilingMillis));
  }
}
