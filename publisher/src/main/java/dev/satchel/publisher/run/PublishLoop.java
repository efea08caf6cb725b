package dev.satchel.publisher.run;

import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.publish.Outcome;
import dev.satchel.publisher.publish.PairsBehindException;
import dev.satchel.publisher.publish.Publication;
import dev.satchel.publisher.store.HeldException;
import dev.satchel.publisher.store.PairCounts;
import dev.satchel.publisher.text.FailureText;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.time.Time;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Publishes at once, on schedule and on demand until stopped. Confined to one Vert.x context,
 * except {@link #start}, {@link #ask} and {@link #stop}.
 */
public final class PublishLoop {
  /*
   * The loop sleeps when a run has ended, so runs never overlap. It is set for the first tick
   * still to come, so ticks that fall during a slow run, or while the machine slept, are skipped
   * and counted instead of being caught up one after the other. Ticks that pass while another
   * publisher is at work are not counted, since nothing is lost by them.
   *
   * A caller who asks while a run is under way may have seen what that run has not, so the next run
   * begins right after it; all who ask before a run begins share it. PACE separates two runs, since
   * Workers KV takes one write a second for a key. A run that was asked for and failed is asked for
   * again, since the next tick may be a day away.
   */
  private static final Logger LOG = LoggerFactory.getLogger(PublishLoop.class);

  static final Duration PACE = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

  // long enough for the read of a table of ordinary size, which nothing interrupts
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  // the clock may be set while we sleep
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

  /**
   * The steps of a run that reach outside.
   *
   * @param election completes when this process has the right to write
   * @param gate lets no write through once it is closed
   */
  public record Writer(Supplier<Future<Void>> election, Publication publication, WriteGate gate) {}

  private final Context context;
  private final Writer writer;
  private final Schedule schedule;
  private final Time time;
  private final Ledger ledger;

  private Instant startedAt = Instant.MIN;
  private Instant tick = Instant.MAX;
  private Instant askedFor = Instant.MAX;
  private Instant pacedUntil = Instant.MIN;
  private int failedInARow;
  private int sleeps; // only the last of them wakes the loop
  private boolean isRunning;
  private volatile Future<?> working = Future.succeededFuture(); // from the election on
  private String lastTold = "";
  private volatile boolean stopped;

  /** Creates a loop that has not begun. */
  public PublishLoop(Context context, Writer writer, Schedule schedule, Time time, Ledger ledger) {
    this.context = context;
    this.writer = writer;
    this.schedule = schedule;
    this.time = time;
    this.ledger = ledger;
  }

  /** Begins the first run. */
  public void start() {
    context.runOnContext(
        go -> {
          startedAt = time.instant();
          run(Run.Trigger.START);
        });
  }

  /** Asks for a run that begins as soon as possible, but not before this call. */
  public void ask() {
    context.runOnContext(
        go -> {
          askedFor = Instant.MIN;
          if (!isRunning) {
            wake();
          }
        });
  }

  /**
   * Prevents any further run and any further write. The future completes when the write in flight,
   * if there is one, has ended, and the rest of the run as well or a few seconds later. It never
   * fails.
   */
  public Future<Void> stop() {
    stopped = true;
    ledger.stops();
    Future<Void> written = writer.gate().close();
    // on the context, where a run that has just begun is seen
    return Future.future(
        done ->
            context.runOnContext(
                go ->
                    working
                        .timeout(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)
                        .otherwiseEmpty()
                        .compose(ended -> written)
                        .onComplete(done)));
  }

  private void wake() {
    if (stopped || isRunning || startedAt.equals(Instant.MIN)) {
      return;
    }
    Instant now = time.instant();
    if (now.isBefore(tick)) {
      forgetWhatAClockPutBackHasMovedAway(now);
    }
    if (now.isBefore(pacedUntil) || (now.isBefore(tick) && now.isBefore(askedFor))) {
      sleep(now);
    } else if (now.isBefore(tick)) {
      run(askedFor.equals(Instant.MIN) ? Run.Trigger.NOTIFICATION : Run.Trigger.RETRY);
    } else {
      // a tick is late if the next one has come as well
      skip(schedule.ticks(startedAt, tick, now), "the process was asleep");
      run(Run.Trigger.SCHEDULE);
    }
  }

  private void forgetWhatAClockPutBackHasMovedAway(Instant now) {
    tick = earlier(tick, schedule.next(startedAt, now));
    pacedUntil = earlier(pacedUntil, now.plus(PACE));
    if (!askedFor.equals(Instant.MAX)) {
      askedFor = earlier(askedFor, now.plus(LONGEST_RETRY));
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private void sleep(Instant now) {
    Instant next = earlier(askedFor, tick);
    Instant due = next.isBefore(pacedUntil) ? pacedUntil : next;
    Duration wait = Duration.between(now, due.isBefore(now) ? now : due);
    int sleep = ++sleeps;
    time.pause(wait.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : wait)
        .onSuccess(
            over -> {
              if (sleep == sleeps) {
                wake();
              }
            });
  }

  private void run(Run.Trigger trigger) {
    if (stopped) {
      return;
    }
    isRunning = true;
    var current = new Current(trigger);
    takeAsk(current);
    Future.succeededFuture()
        .compose(go -> writer.election().get())
        .compose(
            elected -> {
              ledger.works();
              current.beganAt = time.instant();
              takeAsk(current);
              ledger.stages().reset();
              Future<? extends Outcome> publishing = writer.publication().publish();
              working = publishing;
              return publishing;
            })
        .onComplete(
            ended ->
                context.runOnContext(
                    next -> {
                      if (!stopped) {
                        ended(current, ended);
                      }
                    }));
  }

  private void takeAsk(Current current) {
    current.wasAsked |= !askedFor.equals(Instant.MAX);
    askedFor = Instant.MAX;
  }

  private void ended(Current current, AsyncResult<? extends Outcome> ended) {
    Instant now = time.instant();
    isRunning = false;
    Run run = ended.succeeded() ? good(current, ended.result()) : failed(current, ended.cause());
    pacedUntil = now.plus(PACE);
    failedInARow = run.outcome() == Run.Outcome.FAILED ? failedInARow + 1 : 0;
    if (failedInARow > 0 && current.wasAsked) {
      Duration pause = PACE.multipliedBy(1L << Math.min(failedInARow, 6));
      askedFor = now.plus(pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause);
    }
    tick = schedule.next(startedAt, now);
    sleep(now);
    ledger.ended(run);
    skip(schedule.ticks(startedAt, current.beganAt, now), "the previous run was not over");
  }

  /** The run that is under way. */
  private final class Current {
    private final Run.Trigger trigger;
    private Instant beganAt = time.instant();
    private boolean wasAsked;

    Current(Run.Trigger trigger) {
      this.trigger = trigger;
      this.wasAsked = trigger == Run.Trigger.START;
    }
  }

  private Run good(Current current, Outcome outcome) {
    boolean isHeld = outcome.isHeld();
    String about = isHeld ? "held" : "";
    boolean isToTell =
        outcome.isNews() || !outcome.pairs().areNone() || (isHeld && !about.equals(lastTold));
    lastTold = about;
    outcome.logTo(LOG.atLevel(isToTell ? Level.INFO : Level.DEBUG));
    Run.Outcome unlessNews = isHeld ? Run.Outcome.HELD : Run.Outcome.UNCHANGED;
    return new Run(
        current.beganAt,
        current.trigger,
        outcome.isNews() ? Run.Outcome.PUBLISHED : unlessNews,
        ledger.stages().seconds(),
        outcome.revision(),
        outcome.users(),
        outcome.bytes(),
        outcome.patchBytes(),
        outcome.pairs(),
        outcome.inWords());
  }

  private Run failed(Current current, Throwable failure) {
    String words = FailureText.inWords(failure);
    Run.Outcome outcome = Run.Outcome.FAILED;
    String about = words;
    if (failure instanceof HeldException) {
      outcome = Run.Outcome.HELD;
    } else if (failure instanceof RefusedException refusal) {
      outcome = Run.Outcome.REFUSED;
      about = refusal.about();
    }
    // logged once for as long as it lasts: a night of the same line would bury every other
    Level level = outcome == Run.Outcome.HELD ? Level.INFO : Level.ERROR;
    LOG.atLevel(about.equals(lastTold) ? Level.DEBUG : level)
        .addKeyValue("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .addKeyValue("seconds", toMilliseconds(ledger.stages().seconds()))
        .log(
            outcome == Run.Outcome.HELD
                ? "nothing was published: {}"
                : failure instanceof PairsBehindException
                    ? "run failed: {}"
                    : "run failed, the published snapshot stays as it was: {}",
            words);
    lastTold = about;
    LOG.debug("the failure in full", failure);
    return new Run(
        current.beganAt,
        current.trigger,
        outcome,
        ledger.stages().seconds(),
        0,
        ledger.stages().users(),
        0,
        0,
        PairCounts.NONE,
        words);
  }

  /** Rounds to milliseconds, as the outcome of a good run has them. */
  private static Map<String, Double> toMilliseconds(Map<String, Double> seconds) {
    var rounded = new LinkedHashMap<>(seconds);
    rounded.replaceAll((stage, exact) -> Math.round(exact * 1e3) / 1e3);
    return rounded;
  }

  private void skip(long ticks, String why) {
    if (ticks > 0) {
      ledger.skips(ticks);
      LOG.warn("{}: ticks skipped: {}, in total: {}", why, ticks, ledger.skipped());
    }
  }
}
