package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.metrics.SatchelMetrics;
import dev.satchel.sdk.testkit.TestSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A client whose time of day is set while it runs. */
final class ClientTimeTest {
  private static final Duration AN_HOUR_BACK = Duration.ofHours(-1);

  private final AtomicReference<Duration> set = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> Instant.now().plus(set.get());

  @Test
  void aClientWhoseClockIsSetBackIsStaleInTimeAndPollsOn() throws Exception {
    TestSource source = TestSource.of(Map.of("alice", Map.of("preview", true)));
    var options =
        ConfigClientOptions.builder()
            .clock(clock)
            .pollInterval(Duration.ofMillis(50))
            .requestBudget(1_000_000)
            .staleAfter(Duration.ofMillis(500));
    try (ConfigClient client = ConfigClient.openBlocking(source, options.build())) {
      var stale = new CountDownLatch(1);
      var fresh = new CountDownLatch(1);
      client.onStatus(
          status -> {
            if (status.state() == State.STALE) {
              stale.countDown();
            } else if (stale.getCount() == 0) {
              fresh.countDown();
            }
          });
      set.set(AN_HOUR_BACK);
      source.fail("the network is down");

      await(stale);
      source.heal();
      await(fresh);
      assertThat(client.status().lastChecked()).isBefore(Instant.now().minusSeconds(3_000));
    }
  }

  @Test
  void requestsAreCountedAndPausesEndByTimeThatPasses() {
    Instant start = Instant.parse("2026-03-01T13:00:00Z");
    var time = new AtomicReference<>(start);
    var steady = new SteadyClock(time::get);
    var budget = new RequestBudget(4, steady.now());
    assertThat(budget.take(2, steady.now())).isZero();

    time.set(start.minus(Duration.ofDays(1)));
    assertThat(steady.now()).isEqualTo(start);
    assertThat(budget.take(2, steady.now())).isPositive();
    time.set(start.minus(Duration.ofDays(1)).plus(Duration.ofMinutes(5)));

    assertThat(steady.now()).isEqualTo(start.plus(Duration.ofMinutes(5)));
    assertThat(budget.take(2, steady.now())).isZero();
    assertThat(steady.look().secondsSet()).isEqualTo(-86_400);
  }

  @Test
  void theSystemsTimeGoesOnWithItsCounterOfNanoseconds() {
    var steady = new SteadyClock(InstantSource.system());
    long beforeNanos = System.nanoTime();
    Instant before = steady.now();

    Duration passed = Duration.between(before, steady.now());

    assertThat(passed).isBetween(Duration.ZERO, Duration.ofNanos(System.nanoTime() - beforeNanos));
    assertThat(steady.look().secondsSet()).isZero();
  }

  @Test
  void theAgeInMetricsIsThatOfTheSnapshotWhateverTheClockWasSetTo() {
    TestSource source = TestSource.of(Map.of("alice", Map.of("preview", true)));
    var registry = new SimpleMeterRegistry();
    try (ConfigClient client = source.open();
        var metrics = new SatchelMetrics(client, List.of(), source.clock())) {
      metrics.bindTo(registry);
      source.clock().advance(Duration.ofSeconds(30));
      assertThat(registry.get("satchel.age").gauge().value()).isEqualTo(30);

      source.clock().advance(AN_HOUR_BACK);

      assertThat(client.status().state()).isEqualTo(State.FRESH);
      assertThat(registry.get("satchel.age").gauge().value()).isEqualTo(30);
    }
  }
}
