package dev.satchel.publisher.run;

import dev.satchel.publisher.time.Time;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A clock that stands still until the test moves it. */
final class ManualTime implements Time {
  private static final long DEADLINE_SECONDS = 20;

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private record Pause(Duration length, Promise<Void> end) {}

  private final Context context;
  private final BlockingQueue<Pause> pauses = new LinkedBlockingQueue<>();
  private volatile Instant now = START;

  ManualTime(Context context) {
    this.context = context;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public long nanos() {
    return Duration.between(START, now).toNanos();
  }

  @Override
  public Future<Void> pause(Duration length) {
    Promise<Void> end = Promise.promise();
    pauses.add(new Pause(length, end));
    return end.future();
  }

  void move(Duration duration) {
    now = now.plus(duration);
  }

  /** Waits for the next pause, and ends it. Gives its length. */
  Duration ring() throws Exception {
    return ringLateBy(Duration.ZERO);
  }

  /** Waits for the next pause, and never ends it. */
  void forgetNext() throws InterruptedException {
    next();
  }

  private Pause next() throws InterruptedException {
    Pause pause = pauses.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (pause == null) {
      throw new AssertionError("expected a pause but there was none");
    }
    return pause;
  }

  Duration ringLateBy(Duration late) throws Exception {
    Pause pause = next();
    move(pause.length.plus(late));
    var rung = new CompletableFuture<Void>();
    context.runOnContext(
        go -> {
          pause.end.complete();
          rung.complete(null);
        });
    rung.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    return pause.length;
  }
}
