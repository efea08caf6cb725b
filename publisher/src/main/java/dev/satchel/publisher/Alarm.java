package dev.satchel.publisher;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that can wake its owner, once for each setting. Confined to one Vert.x context. */
interface Alarm {
  Instant now();

  /** Wakes the owner after a delay, which is not negative, and forgets any earlier setting. */
  void set(Duration delay, Runnable wake);

  /** Returns an alarm by the system's clock. */
  static Alarm of(Vertx vertx) {
    return new Alarm() {
      private final InstantSource clock = InstantSource.system();
      private long timer = -1;

      @Override
      public Instant now() {
        return clock.instant();
      }

      @Override
      public void set(Duration delay, Runnable wake) {
        vertx.cancelTimer(timer);
        // rounded up: an owner that is woken too early only has to sleep again
        timer = vertx.setTimer(delay.toMillis() + 1, due -> wake.run());
      }
    };
  }
}
