package dev.satchel.sdk.metrics;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.testkit.TestSource;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SatchelMetricsTest {

  @Test
  void metersSayWhatIsInUseHowOldItIsAndHowRefreshesWent() throws Exception {
    TestSource source = TestSource.of(Map.of("alice", Map.of("a", 1), "bob", Map.of("a", 2)));
    ConfigClient client = source.open();
    var registry = new SimpleMeterRegistry();
    var metrics = new SatchelMetrics(client, List.of(Tag.of("key", "users")), source.clock());
    metrics.bindTo(registry);
    // registered last and so told last
    var told = new CountDownLatch(3);
    client.onRefresh(report -> told.countDown());

    refresh(client);
    source.clock().advance(Duration.ofSeconds(30));
    source.publish(Map.of("alice", Map.of("a", 1)));
    refresh(client);
    source.fail("the network is down");
    source.clock().advance(Duration.ofSeconds(5));
    refresh(client);

    await(told);
    assertThat(registry.get("satchel.age").tag("key", "users").gauge().value()).isEqualTo(5);
    assertThat(registry.get("satchel.published.age").gauge().value()).isEqualTo(5);
    assertThat(registry.get("satchel.revision").gauge().value()).isEqualTo(2);
    assertThat(registry.get("satchel.users").gauge().value()).isEqualTo(1);
    assertThat(registry.get("satchel.bytes").gauge().value())
        .isEqualTo(client.view().bytes())
        .isGreaterThan(100);
    assertThat(registry.get("satchel.state").tag("state", "stale").gauge().value()).isEqualTo(1);
    assertThat(registry.get("satchel.state").tag("state", "fresh").gauge().value()).isZero();
    assertThat(registry.get("satchel.build.info").gauge().getId().getTag("version"))
        .matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
    for (String outcome : List.of("updated", "unchanged")) {
      assertThat(registry.get("satchel.refreshes").tag("outcome", outcome).counter().count())
          .as(outcome)
          .isEqualTo(1);
    }
    // after a failure, the client tries again by itself within a second
    assertThat(registry.get("satchel.refreshes").tag("outcome", "failed").counter().count())
        .isPositive();
    assertThat(registry.get("satchel.refresh").timer().count()).isGreaterThanOrEqualTo(3);
    metrics.close();
    client.close();
  }

  private static void refresh(ConfigClient client) throws Exception {
    await(client.refreshNow());
  }

  @Test
  void closingAClientTakesItsMetersAwayAndOpeningAgainBringsNewOnes() {
    TestSource source = TestSource.of(Map.of("alice", Map.of("a", 1)));
    var registry = new SimpleMeterRegistry();
    ConfigClient first = source.open();
    new SatchelMetrics(first, List.of()).bindTo(registry);
    assertThat(registry.get("satchel.revision").gauge().value()).isEqualTo(1);

    first.close();

    assertThat(registry.getMeters()).isEmpty();
    source.publish(Map.of("alice", Map.of("a", 2)));
    try (ConfigClient second = source.open()) {
      new SatchelMetrics(second, List.of()).bindTo(registry);
      assertThat(registry.get("satchel.revision").gauge().value()).isEqualTo(2);
    }
  }

  @Test
  void aClientThatIsOpenedBeforeTheEarlierOneIsClosedKeepsItsMeters() {
    TestSource source = TestSource.of(Map.of("alice", Map.of("a", 1)));
    var registry = new SimpleMeterRegistry();
    ConfigClient first = source.open();
    new SatchelMetrics(first, List.of()).bindTo(registry);
    source.publish(Map.of("alice", Map.of("a", 2)));
    try (ConfigClient second = source.open()) {
      new SatchelMetrics(second, List.of()).bindTo(registry);

      first.close();

      assertThat(registry.get("satchel.revision").gauge().value()).isEqualTo(2);
      assertThat(registry.get("satchel.refreshes").tag("outcome", "failed").counter().count())
          .isZero();
    }
  }

  @Test
  void fieldsThatAreAskedForInVainAreAMeter() {
    ConfigClient client = TestSource.of(Map.of("alice", Map.of("a", 1))).open();
    var registry = new SimpleMeterRegistry();
    new SatchelMetrics(client, List.of()).bindTo(registry);

    client.booleanField("b");
    client.booleanField("a");

    assertThat(registry.get("satchel.field.mistakes").gauge().value()).isEqualTo(2);
    client.close();
  }
}
