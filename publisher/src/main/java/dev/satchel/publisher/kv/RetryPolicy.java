package dev.satchel.publisher.kv;

import dev.satchel.kv.Backoff;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * How long a call may take, and how often it is tried.
 *
 * <p>Before each further attempt it waits as {@code backoff} says. A {@code Retry-After} of the
 * store is waited in addition; one beyond {@code longestRetryAfter} ends the call instead.
 *
 * @param attempts how often a call is made in all, 1 to 20
 * @param requestTimeout how long the store may stay silent, 1 ms to 10 min. A body may take as much
 *     longer as it needs at 64 KiB a second.
 * @param random numbers from 0 (included) to 1 (excluded)
 */
public record RetryPolicy(
    int attempts,
    Backoff backoff,
    Duration longestRetryAfter,
    Duration requestTimeout,
    DoubleSupplier random) {

  /**
   * Rides out a restart of the store, and the five minutes for which Cloudflare refuses whoever
   * made too many calls.
   */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          5,
          new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10)),
          Duration.ofMinutes(5),
          Duration.ofSeconds(30),
          () -> ThreadLocalRandom.current().nextDouble());

  /** A body slower than this is a stalled one. */
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

  /** How long to wait after the attempt with this number, counted from 1. */
  Duration delayAfter(int attempt) {
    return backoff.delay(attempt, random.getAsDouble());
  }

  /** How long a body of this size may take, the store's silence included. */
  Duration timeoutFor(long bytes) {
    return requestTimeout.plusMillis(bytes * 1_000 / SLOWEST_BYTES_PER_SECOND);
  }
}
