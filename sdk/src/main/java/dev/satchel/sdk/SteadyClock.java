package dev.satchel.sdk;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A client's own time. It starts at the time of day and then only goes on, whatever the time of day
 * is set to, so that waits and ages are right. Safe for any thread.
 */
final class SteadyClock {
  private final InstantSource timeOfDay;
  private final boolean isSystems;
  private final long begunNanos = System.nanoTime();
  private final Instant begunAt;
  private Instant seen; // guarded by this
  private Duration passed = Duration.ZERO; // guarded by this

  /**
   * Makes a clock that goes on with {@link System#nanoTime}, if this is the system's time of day. A
   * test's time of day is followed whenever it goes ahead.
   */
  SteadyClock(InstantSource timeOfDay) {
    this.timeOfDay = timeOfDay;
    this.isSystems = timeOfDay.equals(InstantSource.system());
    this.begunAt = timeOfDay.instant();
    this.seen = begunAt;
  }

  /**
   * A look at both clocks.
   *
   * @param now this clock's time; never earlier than before
   * @param secondsSet by how much the time of day was set ahead or, if negative, back since the
   *     start
   */
  record Look(Instant now, long secondsSet) {}

  Look look() {
    Instant ofDay = timeOfDay.instant(); // foreign code: never called within the lock
    Instant now = isSystems ? begunAt.plusNanos(System.nanoTime() - begunNanos) : followed(ofDay);
    return new Look(now, Math.round(Duration.between(now, ofDay).toMillis() / 1e3));
  }

  /** Returns this clock's time. */
  Instant now() {
    return look().now();
  }

  private synchronized Instant followed(Instant next) {
    Duration step = Duration.between(seen, next);
    seen = next;
    passed = step.isNegative() ? passed : passed.plus(step);
    return begunAt.plus(passed);
  }

  /** Returns the time of day, for other processes. */
  Instant timeOfDay() {
    return timeOfDay.instant();
  }
}
