package dev.satchel.publisher.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.Promtool;
import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.run.Run;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.metrics.SatchelMetrics;
import dev.satchel.sdk.testkit.TestSource;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads from a publisher and from a client, by Prometheus's own judgement. */
@Timeout(120)
class MetricsTest {
  @Test
  void promtoolHasNothingToSayAboutThePublishersMetrics(@TempDir Path folder) throws Exception {
    Promtool.assumeInstalled();
    try (var bench = Workbench.in(folder);
        var publisher = new OperatedPublisher(bench, Map.of())) {
      publisher.run();
      String metrics = publisher.http.get("/metrics").body();

      assertThat(Promtool.run(metrics, "check", "metrics")).isEmpty();
    }
  }

  @Test
  void promtoolHasNothingToSayAboutTheMetersOfAClient() throws Exception {
    Promtool.assumeInstalled();
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (ConfigClient client = TestSource.of(Map.of("alice", Map.of("a", 1))).open();
        var metrics = new SatchelMetrics(client, List.of())) {
      metrics.bindTo(registry);
      client.refreshBlocking();

      assertThat(registry.scrape())
          .contains(
              "satchel_build_info{version=\"",
              "satchel_state{state=\"fresh\"} 1.0",
              "satchel_refresh_seconds_bucket{le=\"0.1\"} ");
      assertThat(Promtool.run(registry.scrape(), "check", "metrics")).isEmpty();
    }
  }

  @Test
  void metricsTellOfTheVersionTheJvmTheProcessAndHowTimesAreSpread(@TempDir Path folder)
      throws Exception {
    try (var bench = Workbench.in(folder);
        var publisher = new OperatedPublisher(bench, Map.of())) {
      publisher.run();

      assertThat(publisher.http.get("/metrics").body())
          .contains(
              "satchel_build_info{version=\"",
              "jvm_memory_used_bytes{area=\"heap\"",
              "jvm_threads_live_threads ",
              "process_uptime_seconds ",
              "process_files_open_files ",
              "satchel_publisher_stage_seconds_bucket{stage=\"put\",le=\"0.1\"} ",
              "satchel_kv_request_seconds_bucket{le=\"0.1\"} ");
    }
  }

  @Test
  void pairsThatWereWrittenAreCountedAndShown(@TempDir Path folder) throws Exception {
    try (var bench = Workbench.in(folder);
        var publisher = new OperatedPublisher(bench, Map.of("SATCHEL_LAYOUT", "both"))) {
      publisher.run();
      bench.sql("DELETE FROM %s WHERE id = 'bob'");
      publisher.run();

      assertThat(publisher.http.get("/metrics").body())
          .contains(
              "satchel_publisher_pairs_total{what=\"written\"} 3.0",
              "satchel_publisher_pairs_total{what=\"deleted\"} 1.0");
      assertThat(publisher.http.get("/").body())
          .contains(", pairs: 0 written, 1 deleted, revision", " · pairs: 3 written, 0 deleted");
    }
  }

  @Test
  void theOutcomeOfTheLastRunStaysUntilTheNext(@TempDir Path folder) throws Exception {
    try (var bench = Workbench.in(folder);
        var publisher = new OperatedPublisher(bench, Map.of())) {
      bench.sql("DELETE FROM %s");
      assertThat(publisher.run().outcome()).isEqualTo(Run.Outcome.REFUSED);
      assertThat(publisher.http.get("/metrics").body())
          .contains(
              "satchel_publisher_last_outcome{outcome=\"refused\"} 1.0",
              "satchel_publisher_last_outcome{outcome=\"published\"} 0.0");

      bench.sql("INSERT INTO %s VALUES ('alice', true, 'pro')");
      publisher.run();
      assertThat(publisher.http.get("/metrics").body())
          .contains("satchel_publisher_last_outcome{outcome=\"refused\"} 0.0");
    }
  }

  @Test
  void theAgeOfTheLastGoodRunGoesOnWhileARevisionIsHeld(@TempDir Path folder) throws Exception {
    try (var bench = Workbench.in(folder);
        var publisher = new OperatedPublisher(bench, Map.of())) {
      long revision = publisher.run().revision();
      assertThat(bench.satchel().run("rollback", Long.toString(revision), "--settle", "0"))
          .isZero();
      Run held = publisher.run();
      assertThat(held.outcome()).isEqualTo(Run.Outcome.HELD);

      String metrics = publisher.http.get("/metrics").body();
      assertThat(metrics).contains("satchel_publisher_last_outcome{outcome=\"held\"} 1.0");
      assertThat(gauge("satchel_publisher_publication_age_seconds", metrics))
          .isLessThanOrEqualTo(Duration.between(held.beganAt(), Instant.now()).toMillis() / 1e3);
    }
  }

  private static double gauge(String name, String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }
}
