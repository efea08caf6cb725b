package dev.satchel.publisher.run;

import dev.satchel.publisher.time.Alarm;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A clock that stands still until the test moves it. */
final class ManualAlarm implements Alarm {
  private static final long DEADLINE_SECONDS = 20;

  private record Setting(Duration delay, Runnable wake) {}

  private final Context context;
  private final BlockingQueue<Setting> settings = new LinkedBlockingQueue<>();
  private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

  ManualAlarm(Context context) {
    this.context = context;
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public void set(Duration delay, Runnable wake) {
    settings.add(new Setting(delay, wake));
  }

  void move(Duration duration) {
    now = now.plus(duration);
  }

  /** Waits for the next setting; gives its delay, and rings behind it. */
  Duration ring() throws Exception {
    return ringLateBy(Duration.ZERO);
  }

  /** Waits for the next setting, and never rings for it. */
  void forgetNext() throws InterruptedException {
    next();
  }

  private Setting next() throws InterruptedException {
    Setting setting = settings.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (setting == null) {
      throw new AssertionError("expected a setting of the alarm but there was none");
    }
    return setting;
  }

  Duration ringLateBy(Duration late) throws Exception {
    Setting setting = next();
    move(setting.delay.plus(late));
    var rung = new CompletableFuture<Void>();
    context.runOnContext(
        go -> {
          setting.wake.run();
          rung.complete(null);
        });
    rung.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    return setting.delay;
  }
}
