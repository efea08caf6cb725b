package dev.satchel.publisher;

import static dev.satchel.publisher.embedded.SharedDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublishLoopTest {
  private final Vertx vertx = Vertx.vertx();
  private final WriteGate gate = new WriteGate();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void aRunThatFailsIsFollowedByTheNext() throws Exception {
    var third = new CountDownLatch(3);
    var loop =
        loop(
            () -> {
              third.countDown();
              throw new RefusedException("this run fails");
            },
            Duration.ofMillis(5),
            System::nanoTime);

    loop.start();

    assertThat(third.await(20, TimeUnit.SECONDS)).isTrue();
    await(loop.stop());
    assertThat(loop.failures()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void runsNeverOverlapAndTicksThatARunOutlastsAreSkippedAndCounted() throws Exception {
    var clock = new AtomicLong();
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var second = new CountDownLatch(2);
    Duration interval = Duration.ofMillis(5);
    Publication slow =
        () -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          second.countDown();
          clock.addAndGet(interval.multipliedBy(4).toNanos() + 1); // past ticks 1 to 4
          return vertx
              .timer(1, TimeUnit.MILLISECONDS)
              .<Report>map(done -> said("done"))
              .onComplete(done -> running.decrementAndGet());
        };
    var loop = loop(slow, interval, clock::get);

    loop.start();

    assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
    await(loop.stop());
    assertThat(most).hasValue(1);
    assertThat(loop.skipped()).isGreaterThanOrEqualTo(4);
    assertThat(loop.skipped() % 4).isZero();
  }

  @Test
  void stoppingWaitsForTheWriteInFlightAndLetsNoOtherBegin() throws Exception {
    Promise<Void> write = Promise.promise();
    var begun = new CountDownLatch(1);
    List<String> order = new ArrayList<>();
    Publication publication =
        () ->
            gate.write(
                    () -> {
                      begun.countDown();
                      return write.future().onSuccess(done -> order.add("written"));
                    })
                .<Report>map(done -> said("published"));
    var loop = loop(publication, Duration.ofMillis(5), System::nanoTime);
    loop.start();
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

    Future<Void> stopped = loop.stop().onSuccess(done -> order.add("stopped"));

    assertThat(stopped.isComplete()).isFalse();
    write.complete();
    await(stopped);
    assertThat(order).containsExactly("written", "stopped");
    assertThat(gate.write(() -> Future.succeededFuture()).failed()).isTrue();
  }

  private PublishLoop loop(
      Publication publication, Duration interval, java.util.function.LongSupplier nanos) {
    return new PublishLoop(vertx, publication, gate, interval, nanos);
  }

  private static Report said(String words) {
    return new Report() {
      @Override
      public JsonObject toJson() {
        return new JsonObject();
      }

      @Override
      public String inWords() {
        return words;
      }
    };
  }
}
