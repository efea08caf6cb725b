package dev.satchel.publisher;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** The time of day, and a way to wait. Safe for any thread. */
interface Time extends InstantSource {

  /**
   * Returns nanoseconds of which only differences mean anything; setting the clock does not change
   * them.
   */
  long nanos();

  /** Completes after the given time. */
  Future<Void> pause(Duration time);

  /** Returns the system's time. */
  static Time of(Vertx vertx) {
    return new Time() {
      @Override
      public Instant instant() {
        return Instant.now();
      }

      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public Future<Void> pause(Duration time) {
        return vertx.timer(time.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
      }
    };
  }
}
