package dev.satchel.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes {@code satchel demo}, with our rules in it, and is asked what the
 * dashboard asks; then the demo is told to stop. It is here because only this module is built
 * behind the demo's two jars.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MonitoringTest {
  private static final Path MONITORING = Path.of("../publisher/src/monitoring").toAbsolutePath();
  private static final Pattern METRIC = Pattern.compile("\\bsatchel_[a-z_]+");
  private static final String WAITING = "SELECT pid FROM pg_catalog.pg_locks WHERE NOT granted";
  private static final int DEADLINE_SECONDS = 60;

  /** Panels without data as long as nothing grows and no memory was collected. */
  private static final Set<String> MAY_BE_EMPTY = Set.of("Days until full", "Garbage collection");

  @TempDir private static Path folder;
  private static RunningDemo demo;

  @BeforeAll
  static void start() throws IOException {
    demo = RunningDemo.start(folder, Map.of("SATCHEL_LOG", "json"));
  }

  @AfterAll
  static void end() {
    if (demo != null) {
      demo.close();
    }
  }

  @Test
  @Order(1)
  void theDashboardAndTheRulesFindWhatTheyAskForInTheDemo() throws Exception {
    assumeTrue(
        RunningPrometheus.isInstalled(), "no Prometheus: install Debian's package prometheus");
    String operator = demo.operator().replace("http://", "");
    try (var prometheus = RunningPrometheus.start(folder, configuration(operator, demo.page()))) {
      assertThatPromtoolIsContent("http://" + operator + "/metrics");
      assertThatPromtoolIsContent("http://" + demo.page() + "/metrics");
      assertThatRulesWork(prometheus);
      assertThatPanelsHaveData(prometheus);
    }
  }

  /** The page, which is told as well, ends first; then the run gets what it waits for. */
  @Test
  @Order(2)
  void aSignalToAllProcessesOfTheDemoEndsTheRunUnderWayBeforeItsDatabase() throws Exception {
    assumeTrue(RunningDemo.hasItsOwnGroup(), "no setsid: install util-linux");
    Vertx vertx = Vertx.vertx();
    try {
      PgConnection session = await(PgConnection.connect(vertx, demo.database()));
      await(session.query("BEGIN; LOCK TABLE users").execute());
      while (await(session.query(WAITING).execute()).size() == 0) {
        Thread.onSpinWait();
      }
      ProcessHandle page = page();

      demo.terminateGroup();
      page.onExit().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
      await(session.query("ROLLBACK").execute());
      await(session.close());

      assertThat(demo.exitStatus()).isZero();
    } finally {
      await(vertx.close());
    }
    for (String line : demo.log().lines().toList()) {
      JsonNode logged = new ObjectMapper().readTree(line);
      assertThat(logged.path("message").asText()).isNotEmpty();
      assertThat(logged.path("level").asText()).as(line).isEqualTo("INFO");
    }
  }

  private static ProcessHandle page() throws IOException {
    for (ProcessHandle process : demo.processes()) {
      if (RunningDemo.title(process).contains("satchel-demo.jar")) {
        return process;
      }
    }
    throw new AssertionError("expected the page's process but found " + demo.processes());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private static String configuration(String publisher, String reader) {
    return """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: ["%s"]
        scrape_configs:
          - {job_name: publisher, static_configs: [{targets: ["%s"]}]}
          - {job_name: demo-app, static_configs: [{targets: ["%s"]}]}
        """
        .formatted(MONITORING.resolve("alerts.yml"), publisher, reader);
  }

  private static void assertThatPromtoolIsContent(String address) throws Exception {
    String metrics =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
            .body();
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    try (var in = promtool.outputWriter(UTF_8)) {
      in.write(metrics);
    }
    assertThat(promtool.inputReader(UTF_8).lines()).as(address).isEmpty();
    assertThat(promtool.waitFor()).as(address).isZero();
  }

  /** Each rule is evaluated without error, over metrics that are there. */
  private static void assertThatRulesWork(RunningPrometheus prometheus) throws Exception {
    JsonNode groups =
        prometheus
            .await("rules", all -> !all.findValuesAsText("health").contains("unknown"))
            .path("groups");
    assertThat(groups.findValuesAsText("health")).hasSizeGreaterThan(8).containsOnly("ok");
    Set<String> metrics = new TreeSet<>();
    for (String expression : groups.findValuesAsText("query")) {
      METRIC.matcher(expression).results().map(MatchResult::group).forEach(metrics::add);
    }
    for (String metric : metrics) {
      awaitData(prometheus, metric);
    }
    // nobody stands by in the demo, and all else is well
    prometheus.await(
        "alerts",
        all ->
            all.path("alerts")
                .findValuesAsText("alertname")
                .equals(List.of("SatchelStandbyMissing")));
  }

  private static void assertThatPanelsHaveData(RunningPrometheus prometheus) throws Exception {
    JsonNode dashboard = new ObjectMapper().readTree(MONITORING.resolve("dashboard.json").toFile());
    Map<String, List<String>> panels = new LinkedHashMap<>();
    for (JsonNode panel : dashboard.path("panels")) {
      if (!panel.path("type").asText().equals("row")) {
        panels.put(panel.path("title").asText(), panel.findValuesAsText("expr"));
      }
    }
    assertThat(panels).hasSizeGreaterThan(20).containsKeys(MAY_BE_EMPTY.toArray(String[]::new));
    List<String> asked = new ArrayList<>();
    for (var panel : panels.entrySet()) {
      assertThat(panel.getValue()).as(panel.getKey()).isNotEmpty();
      for (String expression : panel.getValue()) {
        asked.add(expression);
        String expanded = expanded(expression);
        if (MAY_BE_EMPTY.contains(panel.getKey())) {
          prometheus.query(expanded);
        } else {
          awaitData(prometheus, expanded);
        }
      }
    }
    assertThat(asked).allMatch(expression -> expression.contains("job=~"));
    for (JsonNode annotation : dashboard.path("annotations").path("list")) {
      prometheus.query(expanded(annotation.path("expr").asText()));
    }
    for (JsonNode variable : dashboard.path("templating").path("list")) {
      String query = variable.path("definition").asText();
      if (!query.isEmpty()) {
        String metric = query.replaceAll("label_values\\((\\w+), job\\)", "$1");
        awaitData(prometheus, metric);
      }
    }
  }

  /** Replaces the variables as Grafana does if all jobs are chosen. */
  private static String expanded(String expression) {
    return expression
        .replace("$publisher", ".*")
        .replace("$reader", ".*")
        .replace("$__rate_interval", "10s");
  }

  private static void awaitData(RunningPrometheus prometheus, String expression) throws Exception {
    prometheus.await(
        "query?query=" + URLEncoder.encode(expression, UTF_8),
        data -> {
          for (JsonNode sample : data.path("result")) {
            if (!sample.path("value").path(1).asText().equals("NaN")) {
              return true;
            }
          }
          return false;
        });
  }
}
