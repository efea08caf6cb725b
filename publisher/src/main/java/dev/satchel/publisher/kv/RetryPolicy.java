package dev.satchel.publisher.kv;

import dev.satchel.kv.Backoff;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * How long a call may take, and how often it is tried.
 *
 * <p>Before each further attempt it waits as {@code backoff} says, plus the store's {@code
 * Retry-After} if there is one. A {@code Retry-After} beyond {@code longestRetryAfter} ends the
 * call instead.
 *
 * @param attempts how often a call is made in total, 1 to 20
 * @param requestTimeout how long the store may stay silent, 1 ms to 10 min. A body may take
 *     additional time, at 64 KiB a second.
 * @param random numbers from 0 (included) to 1 (excluded)
 */
public record RetryPolicy(
    int attempts,
    Backoff backoff,
    Duration longestRetryAfter,
    Duration requestTimeout,
    DoubleSupplier random) {

  /**
   * Survives a restart of the store, and the five minutes for which Cloudflare refuses a caller
   * that made too many calls.
   */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          5,
          new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10)),
          Duration.ofMinutes(5),
          Duration.ofSeconds(30),
          () -> ThreadLocalRandom.current().nextDouble());

  /** A body that is slower than this counts as stalled. */
  private static final int SLOWEST_BYTES_PER_SECOND = 65_536;

  public RetryPolicy {
    if (attempts < 1 || attempts > 20) {
      throw new IllegalArgumentException("expected 1 to 20 attempts but found " + attempts);
    }
    if (longestRetryAfter.isNegative()) {
      throw new IllegalArgumentException(
          "expected a longest Retry-After of 0 or more but found " + longestRetryAfter);
    }
    if (requestTimeout.toMillis() < 1 || requestTimeout.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException(
          "expected a request timeout of 1 ms to 10 min but found " + requestTimeout);
    }
  }

  /** Returns how long to wait after the attempt with this number, counted from 1. */
  Duration delayAfter(int attempt) {
    return backoff.delay(attempt, random.getAsDouble());
  }

  /** Returns how long a body of this size may take, including the store's silence. */
  Duration timeoutFor(long bytes) {
    return requestTimeout.plusMillis(bytes * 1_000 / SLOWEST_BYTES_PER_SECOND);
  }
}
