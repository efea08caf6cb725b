package dev.satchel.sdk;

import dev.satchel.sdk.Admission.Held;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.ConfigClientOptions.WhenExpired;
import dev.satchel.sdk.Intake.Fetched;
import dev.satchel.sdk.RefreshReport.Outcome;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the view in use equal to what the source announces: takes in what is new, swaps, keeps a
 * copy, waits, again. One attempt at a time. Whatever fails, the last good view stays. Its state is
 * confined to one Vert.x context, but for the volatile fields, which any thread may read.
 */
final class RefreshLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigClient.class);

  /** The announcement and the value. */
  private static final int REQUESTS_OF_AN_ATTEMPT = 2;

  /** The longest time between two looks at the clock, which may be set or stand still in sleep. */
  private static final long LONGEST_UNTIL_LOOK_MILLIS = 10_000;

  private final Vertx vertx;
  private final Context context;
  private final SnapshotSource source;
  private final ConfigClientOptions options;
  private final PollPace pace;
  private final RequestBudget budget;
  private final Intake intake;
  private final @Nullable DiskCopy copy;
  private final Fallbacks fallbacks;
  private final StateLog stateLog;
  private final ClientListeners listeners;
  private final Promise<Void> firstView = Promise.promise();

  /** Replaced as a whole after every check has passed. */
  private final CurrentView view;

  /** Written after the view, so that a reader of the status finds at least that view. */
  private volatile Freshness freshness;

  private volatile boolean closed;
  private volatile long pollTimer = -1;
  private volatile long lookTimer = -1;
  private volatile @Nullable Promise<ClientStatus> attempt;

  private Held held = Held.NOTHING;
  private int failures;
  private Instant quietUntil = Instant.MIN;
  private boolean changedMeanwhile;
  private boolean copying;

  RefreshLoop(
      Vertx vertx,
      SnapshotSource source,
      ConfigClientOptions options,
      FieldNames names,
      CurrentView view) {
    Instant now = options.clock().instant();
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.source = source;
    this.options = options;
    this.pace = new PollPace(options.pollInterval());
    this.budget = new RequestBudget(options.requestBudget(), now);
    this.copy =
        options.copyDirectory() == null
            ? null
            : new DiskCopy(options.copyDirectory(), options.key());
    var admission =
        new Admission(
            source,
            names,
            options.pinnedRevision(),
            copy,
            new Signatures(options.publicKeys(), options.key()));
    this.intake =
        new Intake(context, source, options.callTimeout(), admission, budget, () -> closed);
    this.freshness = Freshness.begin(Freshness.Terms.of(options), now);
    this.fallbacks = new Fallbacks(admission, copy, options.bundle(), options.pinnedRevision());
    this.stateLog = new StateLog(source, freshness.at(now));
    this.view = view;
    this.listeners = new ClientListeners(view::get, this::status);
  }

  ClientListeners listeners() {
    return listeners;
  }

  ClientStatus status() {
    return freshness.at(options.clock().instant());
  }

  /** Completes when there is something to serve; fails if the loop is closed before. */
  Future<Void> firstView() {
    return firstView.future();
  }

  /** Makes an attempt now, or joins the one under way. Fails only if the loop is closed. */
  Future<ClientStatus> refresh() {
    if (closed) {
      return Future.failedFuture(Intake.closedException());
    }
    Promise<ClientStatus> answer = Promise.promise();
    context.runOnContext(go -> begin().onComplete(answer));
    return answer.future();
  }

  /** Makes an attempt soon that sees what the source has now. */
  void sourceChanged() {
    if (!closed) {
      context.runOnContext(
          go -> {
            changedMeanwhile = attempt != null;
            begin();
          });
    }
  }

  /**
   * Stops the loop; the view in use stays. Completes when no listener is being called any more.
   * Idempotent, from any thread.
   */
  Future<Void> close() {
    closed = true;
    Future<Void> quiet = listeners.close();
    vertx.cancelTimer(pollTimer);
    vertx.cancelTimer(lookTimer);
    Promise<ClientStatus> underWay = attempt;
    if (underWay != null) {
      underWay.tryFail(Intake.closedException());
    }
    firstView.tryFail(Intake.closedException());
    return quiet;
  }

  private Future<ClientStatus> begin() {
    Promise<ClientStatus> underWay = attempt;
    if (closed) {
      return Future.failedFuture(Intake.closedException());
    } else if (underWay != null) {
      return underWay.future();
    }
    Instant now = options.clock().instant();
    Duration pause =
        now.isBefore(quietUntil)
            ? Duration.between(now, quietUntil)
            : budget.take(REQUESTS_OF_AN_ATTEMPT, now);
    if (!pause.isZero()) {
      poll(pause.toMillis());
      look(now);
      return Future.succeededFuture(status());
    }
    vertx.cancelTimer(pollTimer);
    Promise<ClientStatus> started = Promise.promise();
    attempt = started;
    long startedAt = System.nanoTime();
    // compose, so that a source that throws is a source that fails
    Future.succeededFuture()
        .compose(go -> isPinnedInUse() ? nothingToAsk() : intake.next(held))
        .onComplete(
            outcome -> {
              settle(outcome, started);
              listeners.attempted(
                  outcomeOf(outcome), Duration.ofNanos(System.nanoTime() - startedAt));
            });
    return started.future();
  }

  private static Outcome outcomeOf(AsyncResult<Optional<Fetched>> attempted) {
    return attempted.failed()
        ? Outcome.FAILED
        : attempted.result().isPresent() ? Outcome.UPDATED : Outcome.UNCHANGED;
  }

  /** A revision never changes, so there is nothing to ask for. */
  private boolean isPinnedInUse() {
    return options.pinnedRevision() != null && held.revision() == options.pinnedRevision();
  }

  private Future<Optional<Fetched>> nothingToAsk() {
    budget.giveBack(REQUESTS_OF_AN_ATTEMPT);
    return Future.succeededFuture(Optional.empty());
  }

  private void settle(AsyncResult<Optional<Fetched>> outcome, Promise<ClientStatus> started) {
    if (closed) {
      started.tryFail(Intake.closedException());
      return;
    }
    Instant now = options.clock().instant();
    if (outcome.failed()) {
      Throwable failure = outcome.cause();
      Duration asked = Failures.retryAfter(failure);
      quietUntil = asked.isZero() ? Instant.MIN : now.plus(asked);
      failures++;
      turn(freshness.failed(Failures.inWords(failure), now), now);
      // whoever is told to call less often must not call sooner
      finish(started, Failures.isRateLimited(failure) ? 0 : failures, asked.toMillis());
      return;
    }
    failures = 0;
    byte[] fetched = null;
    if (outcome.result().isPresent()) {
      held = outcome.result().get().held();
      fetched = outcome.result().get().value();
    }
    turn(freshness.agreed(held.view(), now), now);
    keepCopy(fetched, now).onComplete(any -> finish(started, 0, 0));
  }

  private void finish(Promise<ClientStatus> started, int failuresInARow, long atLeastMillis) {
    attempt = null;
    if (closed) {
      started.tryFail(Intake.closedException());
      return;
    }
    double random = ThreadLocalRandom.current().nextDouble();
    poll(Math.max(pace.delayMillis(failuresInARow, random), atLeastMillis));
    started.tryComplete(status());
    if (changedMeanwhile) {
      changedMeanwhile = false;
      begin();
    }
  }

  private void poll(long millis) {
    vertx.cancelTimer(pollTimer);
    pollTimer = vertx.setTimer(Math.max(1, millis), due -> begin());
    if (closed) {
      vertx.cancelTimer(pollTimer); // close() may have come just before
    }
  }

  /** Does nothing while an earlier copy is still being kept: a disk may hang. */
  private Future<Void> keepCopy(byte @Nullable [] fetched, Instant now) {
    DiskCopy target = copy;
    if (target == null || copying) {
      return Future.succeededFuture();
    }
    copying = true;
    Held kept = held;
    Future<Void> done =
        context.executeBlocking(
            () -> {
              if (fetched == null) {
                target.mark(now);
              } else {
                target.keep(kept.revision(), sha256(kept, fetched), fetched, now);
              }
              return null;
            },
            false);
    done.onComplete(any -> copying = false);
    return intake.within("a copy", done);
  }

  /** Of a signed value only what was announced is known so far. */
  private String sha256(Held kept, byte[] fetched) {
    return options.publicKeys().isEmpty() ? kept.sha256() : Digests.sha256(fetched);
  }

  /** Serves what there is besides the source, if nothing came from it yet. Never fails. */
  Future<Void> fallBack() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        go -> {
          if (freshness.loadedAt() != null) {
            done.complete();
            return;
          }
          intake
              .within("a fallback", context.executeBlocking(fallbacks::first, false))
              .onComplete(
                  (found, failure) -> {
                    if (failure != null) {
                      LOG.warn("cannot look for a snapshot besides {}", source, failure);
                    } else if (found.isPresent() && freshness.loadedAt() == null) {
                      use(found.get());
                    }
                    done.complete();
                  });
        });
    return done.future();
  }

  private void use(Fallbacks.Found fallback) {
    Instant now = options.clock().instant();
    held = fallback.held();
    LOG.info("{}: starting from {}", source, fallback.place());
    turn(
        isPinnedInUse()
            ? freshness.agreed(held.view(), now)
            : freshness.fellBack(held.view(), fallback.agreedAt(), now),
        now);
  }

  /** Serves, tells and remembers what follows from what has just happened. */
  private void turn(Freshness next, Instant now) {
    serve(next, next.at(now));
    freshness = next;
    look(now);
    if (next.loadedAt() != null) {
      firstView.tryComplete();
    }
  }

  private void serve(Freshness next, ClientStatus status) {
    boolean hidden =
        status.state() == State.EXPIRED && options.whenExpired() == WhenExpired.ANSWER_DEFAULTS;
    view.set(hidden ? ConfigView.EMPTY : next.view());
  }

  /** Does what is due because time has passed, and comes back when the next is. */
  private void look(Instant now) {
    vertx.cancelTimer(lookTimer);
    if (closed) {
      return;
    }
    Freshness current = freshness;
    ClientStatus status = current.at(now);
    serve(current, status);
    stateLog.report(status, view.get().revision() == status.revision());
    listeners.wake();
    Instant next = current.nextChange(now);
    if (next != null) {
      long millis = Math.min(Duration.between(now, next).toMillis(), LONGEST_UNTIL_LOOK_MILLIS);
      lookTimer = vertx.setTimer(Math.max(1, millis), due -> look(options.clock().instant()));
      if (closed) {
        vertx.cancelTimer(lookTimer);
      }
    }
  }
}
