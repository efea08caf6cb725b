package dev.satchel.publisher.http;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.run.Run;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The port of a publisher at work, as it is seen over the wire. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpPortTest {
  private static final String MARKUP = "<script>alert(1)</script>\"'&";

  private Workbench bench;
  private OperatedPublisher publisher;
  private RawHttp http;

  HttpPortTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
  }

  @BeforeAll
  void start() throws Exception {
    bench.sql("INSERT INTO %%s VALUES ('%1$s', true, '%1$s')".formatted(MARKUP.replace("'", "''")));
    publisher =
        new OperatedPublisher(
            bench,
            Map.of(
                "SATCHEL_QUERY",
                "SELECT id, preview, plan, 1 AS \"%s\" FROM %s"
                    .formatted(MARKUP.replace("\"", "\"\""), bench.table)));
    http = publisher.http;
  }

  @AfterAll
  void close() {
    publisher.close();
    bench.close();
  }

  @Test
  void itIsLiveAndReadyAndSaysWhy() throws IOException {
    assertThat(http.get("/health/live").status()).isEqualTo(200);
    RawHttp.Answer ready = http.get("/health/ready");

    assertThat(ready.status()).isEqualTo(200);
    assertThat(new JsonObject(ready.body()).getBoolean("ready")).isTrue();
    assertThat(ready.body()).contains("the last good run began");
  }

  @Test
  void metricsTellOfRunsStagesSizesAndRequests() throws IOException {
    RawHttp.Answer metrics = http.get("/metrics");

    assertThat(metrics.status()).isEqualTo(200);
    assertThat(metrics.headers().get("content-type")).startsWith("text/plain; version=0.0.4");
    assertThat(metrics.body())
        .contains(
            "satchel_publisher_runs_total{outcome=\"published\"} ",
            "satchel_publisher_runs_total{outcome=\"refused\"} ",
            "satchel_publisher_runs_total{outcome=\"failed\"} ",
            "satchel_publisher_stage_seconds_count{stage=\"put\"} ",
            "satchel_publisher_users 4.0",
            "satchel_publisher_rows 4.0",
            "satchel_publisher_bytes ",
            "satchel_publisher_limit_share ",
            "satchel_publisher_publication_age_seconds ",
            "satchel_publisher_skipped_total 0.0",
            "satchel_publisher_ready 1.0",
            "satchel_kv_requests_total{status=\"200\"} ",
            "satchel_kv_retries_total 0.0");
  }

  @Test
  void unknownPathsAndWrongMethodsAreRefusedInTheWordsOfHttp() throws IOException {
    assertThat(http.get("/nothing/here").status()).isEqualTo(404);
    assertThat(http.get("/../../etc/passwd").status()).isEqualTo(404);
    assertThat(http.get("/style.css/..%2f..%2fx").status()).isEqualTo(404);
    for (String path :
        new String[] {"/", "/metrics", "/health/ready", "/user", "/user/history", "/style.css"}) {
      RawHttp.Answer wrong = http.post(path, Map.of(), Map.of());
      assertThat(wrong.status()).as(path).isEqualTo(405);
      assertThat(wrong.headers()).as(path).containsEntry("allow", "GET, HEAD");
    }
    assertThat(http.get("/resume").headers()).containsEntry("allow", "POST");
    assertThat(http.get("/user?id=%ff%fe").status()).isIn(200, 400, 404);
    assertThat(http.get("/user?id=%zz").status()).isEqualTo(400);
  }

  @Test
  void everyAnswerCarriesTheSecurityHeadersAndEndsItsConnection() throws IOException {
    for (String path :
        new String[] {"/", "/user", "/compare", "/style.css", "/page.js", "/metrics", "/none"}) {
      assertThat(http.get(path).headers())
          .as(path)
          .containsEntry("x-content-type-options", "nosniff")
          .containsEntry("cache-control", "no-store")
          .containsEntry("x-frame-options", "DENY")
          .hasEntrySatisfying(
              "content-security-policy",
              policy ->
                  assertThat(policy)
                      .contains("default-src 'none'", "frame-ancestors 'none'", "script-src 'self'")
                      .doesNotContain("unsafe", "http:", "https:"));
    }
    assertThat(http.get("/").body()).doesNotContain("style=", "onclick", "http://", "https://");
  }

  @Test
  void requestsOfNoBoundAreRefused() throws IOException {
    String host = "Host: localhost\r\n";
    Map<Integer, String> unread =
        Map.of(
            414, "GET /?" + "x".repeat(9_000) + " HTTP/1.1\r\n" + host + "\r\n",
            431, "GET / HTTP/1.1\r\n" + host + "X: " + "x".repeat(40_000) + "\r\n\r\n",
            400, "GET / HTTP/1.1\r\n" + host + "no header\u0000\r\n\r\n");
    for (var each : unread.entrySet()) {
      RawHttp.Answer answer = http.send(each.getValue());
      assertThat(answer.status()).isEqualTo(each.getKey());
      assertThat(answer.headers()).containsEntry("x-content-type-options", "nosniff");
    }
    assertThat(http.post("/rollback", Map.of("token", "x".repeat(9_000)), Map.of()).status())
        .isEqualTo(413);
    assertThat(
            http.post(
                    "/rollback",
                    Map.of(),
                    Map.of("Content-Length", "", "Transfer-Encoding", "chunked"))
                .status())
        .isEqualTo(411);
    assertThat(http.post("/rollback", Map.of(), Map.of("Content-Type", "text/plain")).status())
        .isEqualTo(415);
  }

  @Test
  void connectionsBeyondTheBoundAreClosedAndTheOthersServed() throws IOException {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        idle.add(new Socket(java.net.InetAddress.getLoopbackAddress(), http.port()));
      }
      Socket last = idle.get(199);
      last.setSoTimeout(20_000);
      assertThat(last.getInputStream().read()).isEqualTo(-1);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void whoeverHasAnotherNameForThisMachineSeesNoPage() throws IOException {
    for (String host :
        new String[] {"evil.example", "localhost.evil.example:80", "", "127.0.0.1.x"}) {
      assertThat(http.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status())
          .as(host)
          .isIn(400, 421);
    }
    for (String host : new String[] {"localhost:1", "127.0.0.1", "[::1]:8081", "LOCALHOST"}) {
      assertThat(http.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status())
          .as(host)
          .isEqualTo(200);
    }
    assertThat(http.send("GET /health/live HTTP/1.1\r\nHost: any.example\r\n\r\n").status())
        .isEqualTo(200);
  }

  @Test
  void markupFromRowsNamesAndQuestionsIsShownAndNotRun() throws Exception {
    String asked = java.net.URLEncoder.encode(MARKUP, java.nio.charset.StandardCharsets.UTF_8);
    bench.sql("UPDATE %s SET plan = plan || '<b>' WHERE id LIKE '<script%%'");
    publisher.run();
    List<Long> revisions = revisions();

    RawHttp.Answer user = http.get("/user?id=" + asked);
    RawHttp.Answer nobody = http.get("/user?id=" + asked + "2");
    RawHttp.Answer history = UserHistoryPageTest.history(http, asked);
    RawHttp.Answer compared =
        http.get("/compare?a=%d&b=%d".formatted(revisions.get(1), revisions.get(0)));

    assertThat(user.status()).isEqualTo(200);
    assertThat(nobody.status()).isEqualTo(404);
    for (RawHttp.Answer answer : List.of(http.get("/"), user, nobody, history, compared)) {
      assertThat(answer.body()).contains("&lt;script&gt;alert(1)").doesNotContain("<script>");
    }
    assertThat(compared.body()).contains("&lt;b&gt;").doesNotContain("<b>");
    assertThat(history.body()).contains("&lt;b&gt;").doesNotContain("<b>");
  }

  @Test
  void markupInAnErrorIsShownAndNotRun() throws Exception {
    bench.sql(
        """
        ALTER TABLE %1$s RENAME TO %1$s_kept;
        CREATE VIEW %1$s AS SELECT * FROM %1$s_kept
          UNION ALL SELECT * FROM %1$s_kept WHERE id LIKE '<script%%'
        """);
    try {
      Run failed = publisher.run();
      assertThat(failed.words()).contains(MARKUP);
      assertThat(http.get("/").body())
          .contains("&lt;script&gt;alert(1)")
          .doesNotContain("<script>");
      assertThat(http.get("/health/ready").body()).contains("the last run: ");
    } finally {
      bench.sql("DROP VIEW %1$s; ALTER TABLE %1$s_kept RENAME TO %1$s");
      publisher.run();
    }
  }

  @Test
  void theTokenIsNowhereToBeSeen() throws IOException {
    for (String path : new String[] {"/", "/user?id=alice", "/compare", "/metrics", "/rollback"}) {
      assertThat(http.get(path).body()).as(path).doesNotContain(OperatedPublisher.TOKEN);
    }
  }

  @Test
  void aPortThatIsTakenIsOneLineAndAnExitStatus() {
    var satchel = bench.satchel();

    assertThat(satchel.run("run", "--http-port", Integer.toString(http.port()))).isEqualTo(1);

    assertThat(satchel.err()).contains("another port");
  }

  @Test
  void whatIsWrongWithThePortIsSaidBeforeAnythingIsOpened() {
    var satchel =
        bench
            .satchel()
            .and("SATCHEL_HTTP_PORT", "http")
            .and("SATCHEL_READY_AFTER", "soon")
            .and("SATCHEL_OPERATOR_TOKEN", "short-secret");

    assertThat(satchel.run("run")).isEqualTo(2);

    assertThat(satchel.err().lines().toList())
        .hasSize(3)
        .anyMatch(line -> line.contains("SATCHEL_HTTP_PORT") && line.contains("found http"))
        .anyMatch(line -> line.contains("SATCHEL_READY_AFTER") && line.contains("found soon"))
        .anyMatch(line -> line.contains("SATCHEL_OPERATOR_TOKEN") && line.contains("found 12"));
    assertThat(satchel.err()).doesNotContain("short-secret");
  }

  @Test
  void whileItStopsItIsNotReadyAndThenItIsGone(@TempDir Path folder) throws Exception {
    try (var other = Workbench.in(folder);
        var stopping = new OperatedPublisher(other, Map.of())) {
      await(stopping.loop.stop());

      RawHttp.Answer ready = stopping.http.get("/health/ready");
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.body()).contains("stopping");
      assertThat(stopping.http.get("/health/live").status()).isEqualTo(200);
      stopping.closePort();
      assertThatThrownBy(() -> stopping.http.get("/health/live")).isInstanceOf(IOException.class);
    }
  }

  private List<Long> revisions() {
    return await(bench.kv().keys("user-configs@", null)).keys().stream()
        .map(key -> Long.valueOf(key.name().substring(key.name().indexOf('@') + 1)))
        .sorted(java.util.Comparator.reverseOrder())
        .toList();
  }
}
