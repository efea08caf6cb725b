package dev.satchel.publisher;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Publishes at a fixed pace until stopped. Confined to one Vert.x context, {@link #stop} aside. */
final class PublishLoop {
  /*
   * Ticks lie at whole multiples of the interval from the start. The timer for the next one is set
   * when a run has ended, so that runs never overlap, and it is the first tick still to come, so
   * that ticks which a slow run or a sleeping machine has missed are skipped and counted instead
   * of being caught up one after the other.
   */
  private static final Logger log = LoggerFactory.getLogger(PublishLoop.class);

  private final Vertx vertx;
  private final Context context;
  private final Publication publication;
  private final WriteGate gate;
  private final long intervalNanos;
  private final LongSupplier nanos;

  private long startedAt;
  private long tick;
  private final AtomicLong runs = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();
  private volatile String lastTold = "";
  private volatile boolean stopped;

  PublishLoop(
      Vertx vertx, Publication publication, WriteGate gate, Duration interval, LongSupplier nanos) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.publication = publication;
    this.gate = gate;
    this.intervalNanos = interval.toNanos();
    this.nanos = nanos;
  }

  /** Begins the first run. */
  void start() {
    context.runOnContext(
        go -> {
          startedAt = nanos.getAsLong();
          run();
        });
  }

  /**
   * Begins no further run and no further write; the future completes when the write in flight, if
   * there is one, has ended.
   */
  Future<Void> stop() {
    stopped = true;
    return gate.close();
  }

  /** Runs that have ended. */
  long runs() {
    return runs.get();
  }

  /** Runs that have failed. */
  long failures() {
    return failures.get();
  }

  /** Failures that were refusals of this publisher. */
  long refusals() {
    return refusals.get();
  }

  /** Ticks that came while a run was not over yet. */
  long skipped() {
    return skipped.get();
  }

  private void run() {
    if (stopped) {
      return;
    }
    Future.succeededFuture()
        .compose(go -> publication.publish())
        .onSuccess(
            report -> {
              lastTold = "";
              log.atLevel(report.isNews() ? Level.INFO : Level.DEBUG).log(report.inWords());
            })
        .onFailure(this::told)
        .onComplete(ended -> context.runOnContext(next -> setNext()));
  }

  private void told(Throwable failure) {
    if (!stopped) {
      failures.incrementAndGet();
      String words = Failures.inWords(failure);
      String about = words;
      if (failure instanceof RefusedException refusal) {
        refusals.incrementAndGet();
        about = refusal.about();
      }
      // told once while it lasts: a night of the same line would bury every other
      log.atLevel(about.equals(lastTold) ? Level.DEBUG : Level.ERROR)
          .log("run failed, what is published stays: {}", words);
      lastTold = about;
      log.debug("the failure in full", failure);
    }
  }

  private void setNext() {
    runs.incrementAndGet();
    long elapsed = nanos.getAsLong() - startedAt;
    long due = elapsed / intervalNanos + 1;
    long missed = due - tick - 1;
    if (missed > 0) {
      log.warn(
          "a run took longer than the interval: {} skipped, {} in all",
          missed,
          skipped.addAndGet(missed));
    }
    tick = due;
    if (!stopped) {
      long wait = Math.max(1, (due * intervalNanos - elapsed) / 1_000_000);
      vertx.setTimer(wait, now -> run());
    }
  }
}
