package dev.satchel.sdk;

import dev.satchel.kv.Backoff;
import java.time.Duration;

/**
 * How long to wait before the next poll: the interval, give or take a tenth, so that processes
 * started together drift apart. After failures it is a random time up to a ceiling, which starts at
 * one second and doubles up to the interval.
 */
record PollPace(Duration interval) {
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration SHORTEST = Duration.ofMillis(1);

  /**
   * Returns the wait, at least 1 ms.
   *
   * @param failures how many attempts have failed in a row
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  Duration delay(int failures, double random) {
    Duration delay =
        failures > 0
            ? new Backoff(FIRST_RETRY, interval).delay(failures, random)
            : Duration.ofMillis(Math.round(interval.toMillis() * (0.9 + 0.2 * random)));
    return delay.compareTo(SHORTEST) < 0 ? SHORTEST : delay;
  }
}
