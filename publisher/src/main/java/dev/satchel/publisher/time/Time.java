package dev.satchel.publisher.time;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** The time of day, and a way to let some of it pass. Safe for any thread. */
public interface Time extends InstantSource {

  /** Returns monotonic nanoseconds; only differences between them mean anything. */
  long nanos();

  /**
   * Completes after a while, and never before it is over. Called on a context of Vert.x, it
   * completes there.
   */
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
        // rounded up: who is woken too early has to wait again
        return vertx.timer(time.toMillis() + 1, TimeUnit.MILLISECONDS).mapEmpty();
      }
    };
  }
}
