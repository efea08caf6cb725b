package dev.satchel.publisher.run;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.lock.StoppedException;
import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.publish.Outcome;
import dev.satchel.publisher.publish.Publication;
import dev.satchel.publisher.text.RefusedException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PublishLoopTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final WriteGate gate = new WriteGate();
  private final ManualTime time = new ManualTime(context);
  private final Ledger ledger = new Ledger(time.instant());
  private final BlockingQueue<Promise<Outcome>> begun = new LinkedBlockingQueue<>();
  private Supplier<Future<Void>> election = Future::succeededFuture;

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void aRunThatFailsIsFollowedByTheNext() throws Exception {
    loop(new Schedule.Every(MINUTE)).start();

    nextRun().fail(new RefusedException("this run is refused"));

    assertThat(time.ring()).isEqualTo(MINUTE);
    nextRun().fail(new IllegalStateException("this run fails"));
    assertThat(time.ring()).isEqualTo(MINUTE);
    nextRun().complete(said("done"));
    assertThat(time.ring()).isEqualTo(MINUTE);
    assertThat(ledger.runs())
        .extracting(Run::outcome, Run::trigger)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Run.Outcome.PUBLISHED, Run.Trigger.SCHEDULE),
            org.assertj.core.groups.Tuple.tuple(Run.Outcome.FAILED, Run.Trigger.SCHEDULE),
            org.assertj.core.groups.Tuple.tuple(Run.Outcome.REFUSED, Run.Trigger.START));
  }

  @Test
  void ticksThatARunOutlastsAreSkippedAndCounted() throws Exception {
    loop(new Schedule.Every(MINUTE)).start();
    Promise<Outcome> run = nextRun();

    time.move(MINUTE.multipliedBy(4).plusSeconds(1)); // past ticks 1 to 4
    run.complete(said("done"));

    assertThat(time.ring()).isEqualTo(Duration.ofSeconds(59));
    nextRun();
    assertThat(ledger.skipped()).isEqualTo(4);
  }

  @Test
  void ticksWhoseSuccessorCameWhileTheMachineSleptAreSkippedAndCounted() throws Exception {
    loop(new Schedule.Every(MINUTE)).start();
    nextRun().complete(said("done"));

    time.ringLateBy(MINUTE.multipliedBy(3).plusSeconds(10));

    nextRun().complete(said("done"));
    assertThat(ledger.skipped()).isEqualTo(3);
    assertThat(time.ring()).isEqualTo(Duration.ofSeconds(50));
  }

  @Test
  void aClockThatIsPutBackDoesNotStopTheRuns() throws Exception {
    loop(new Schedule.Every(MINUTE)).start();
    Promise<Outcome> run = nextRun();
    time.move(Duration.ofDays(-1));
    run.complete(said("done"));

    time.ring();
    nextRun().complete(said("done"));
    time.ringLateBy(Duration.ofDays(-1));
    for (int rings = 0; begun.isEmpty(); rings++) {
      assertThat(time.ring()).isLessThanOrEqualTo(MINUTE);
      assertThat(rings).isLessThan(3);
    }

    assertThat(ledger.skipped()).isZero();
  }

  @Test
  void whoWaitsForAnotherPublisherSkipsNothing() throws Exception {
    Promise<Void> elected = Promise.promise();
    election = elected::future;
    loop(new Schedule.Every(MINUTE)).start();
    onContext();

    time.move(MINUTE.multipliedBy(100));
    elected.complete();

    nextRun().complete(said("done"));
    assertThat(time.ring()).isEqualTo(MINUTE);
    assertThat(ledger.skipped()).isZero();
  }

  @Test
  void aCronExpressionSaysWhenRunsBegin() throws Exception {
    var berlin = ZoneId.of("Europe/Berlin"); // where the test begins at 13:00
    loop(Schedule.Cron.parse("30 13 * * *", berlin, time.instant())).start();
    nextRun().complete(said("done"));

    Duration slept = time.ring();
    while (begun.isEmpty()) {
      slept = slept.plus(time.ring());
    }

    assertThat(slept).isEqualTo(Duration.ofMinutes(30));
    assertThat(time.instant()).isEqualTo(Instant.parse("2026-03-01T12:30:00Z"));
  }

  @Test
  void everyoneWhoAsksDuringARunSharesTheNextOneASecondLater() throws Exception {
    var loop = loop(new Schedule.Every(MINUTE));
    loop.start();
    Promise<Outcome> run = nextRun();

    loop.ask();
    loop.ask();
    onContext();
    run.complete(said("published"));

    assertThat(time.ring()).isEqualTo(PublishLoop.PACE);
    nextRun().complete(said("published"));
    assertThat(time.ring()).isEqualTo(Duration.ofSeconds(59));
    nextRun();
    assertThat(begun).isEmpty();
  }

  @Test
  void whoAsksAnIdleLoopIsServedAtOnce() throws Exception {
    var loop = loop(new Schedule.Every(MINUTE));
    loop.start();
    nextRun().complete(said("published"));
    time.forgetNext();
    time.move(Duration.ofSeconds(2));

    loop.ask();

    nextRun().complete(said("published"));
    time.ring();
    assertThat(ledger.runs().get(0).trigger()).isEqualTo(Run.Trigger.NOTIFICATION);
    assertThat(ledger.skipped()).isZero();
  }

  @Test
  void aRunThatWasAskedForAndFailedIsTriedAgainBeforeTheNextTick() throws Exception {
    var loop = loop(new Schedule.Every(Duration.ofDays(1)));
    loop.start();

    for (int seconds : new int[] {2, 4, 8, 16, 32, 60, 60}) {
      nextRun().fail(new IllegalStateException("the store is down"));
      assertThat(time.ring()).isEqualTo(Duration.ofSeconds(seconds));
    }

    nextRun().complete(said("published"));
    assertThat(time.ring()).isEqualTo(MINUTE); // the longest sleep, on the way to the next day
    assertThat(ledger.runs().get(0).trigger()).isEqualTo(Run.Trigger.RETRY);
    assertThat(begun).isEmpty();
  }

  @Test
  void theStagesOfAFailedRunAreKept() throws Exception {
    loop(new Schedule.Every(MINUTE)).start();
    Promise<Outcome> run = nextRun();
    ledger.stages().read(7, 100, 0);
    ledger.stages().end("read", 1.5);

    run.fail(new IllegalStateException("the store is down"));

    time.ring();
    Run kept = ledger.runs().get(0);
    assertThat(kept.seconds()).containsExactly(java.util.Map.entry("read", 1.5));
    assertThat(kept.users()).isEqualTo(7);
    assertThat(kept.words()).isEqualTo("the store is down");
  }

  @Test
  void stoppingWaitsForTheWriteInFlightAndLetsNoOtherBegin() throws Exception {
    Promise<Void> write = Promise.promise();
    var begun = new CompletableFuture<Void>();
    List<String> order = new ArrayList<>();
    Publication writing =
        () ->
            gate.write(
                    () -> {
                      begun.complete(null);
                      return write.future().onSuccess(done -> order.add("written"));
                    })
                .map(done -> said("published"));
    var loop =
        new PublishLoop(
            context,
            new PublishLoop.Writer(election, writing, gate),
            new Schedule.Every(MINUTE),
            time,
            ledger);
    loop.start();
    begun.get(20, TimeUnit.SECONDS);

    Future<Void> stopped = loop.stop().onSuccess(done -> order.add("stopped"));

    assertThat(stopped.isComplete()).isFalse();
    write.complete();
    await(stopped);
    assertThat(order).containsExactly("written", "stopped");
    assertThat(gate.write(() -> Future.succeededFuture()).failed()).isTrue();
  }

  @Test
  void stoppingWaitsForTheRunThatReads() throws Exception {
    PublishLoop loop = loop(new Schedule.Every(MINUTE));
    loop.start();
    Promise<Outcome> reading = nextRun();

    Future<Void> stopped = loop.stop();
    onContext();

    assertThat(stopped.isComplete()).isFalse();
    reading.fail(new StoppedException());
    await(stopped);
    assertThat(ledger.runs()).isEmpty();
  }

  @Test
  void stoppingDoesNotWaitForThePublisherThatIsOnSchedule() throws Exception {
    var asked = new CompletableFuture<Void>();
    election =
        () -> {
          asked.complete(null);
          return Promise.<Void>promise().future();
        };
    PublishLoop loop = loop(new Schedule.Every(MINUTE));
    loop.start();
    asked.get(20, TimeUnit.SECONDS);

    await(loop.stop());
  }

  private PublishLoop loop(Schedule schedule) {
    Publication publication =
        () -> {
          Promise<Outcome> run = Promise.promise();
          begun.add(run);
          return run.future();
        };
    return new PublishLoop(
        context, new PublishLoop.Writer(election, publication, gate), schedule, time, ledger);
  }

  private Promise<Outcome> nextRun() throws InterruptedException {
    Promise<Outcome> run = begun.poll(20, TimeUnit.SECONDS);
    if (run == null) {
      throw new AssertionError("expected a run but none began");
    }
    return run;
  }

  /** Waits until the context has done all that it was given so far. */
  private void onContext() throws Exception {
    var done = new CompletableFuture<Void>();
    context.runOnContext(go -> done.complete(null));
    done.get(20, TimeUnit.SECONDS);
  }

  private static Outcome said(String words) {
    return new Outcome() {
      @Override
      public JsonObject toJson() {
        return new JsonObject();
      }

      @Override
      public String inWords() {
        return words;
      }

      @Override
      public long revision() {
        return 0;
      }

      @Override
      public long users() {
        return 0;
      }

      @Override
      public long bytes() {
        return 0;
      }

      @Override
      public boolean isNews() {
        return true;
      }

      @Override
      public boolean isHeld() {
        return false;
      }
    };
  }
}
