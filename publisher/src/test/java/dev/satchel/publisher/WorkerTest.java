package dev.satchel.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.satchel.publisher.nginx.RunningNginx;
import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.RefreshReport;
import dev.satchel.sdk.source.HttpSource;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Worker of sdk/worker, in workerd, over what the publisher wrote. */
@Timeout(240)
class WorkerTest {
  private static final Path WORKER = Path.of("../sdk/worker");
  private static final String KEY = "user-configs";
  private static final String TOKEN = "a-readers-marked-token";

  private final HttpClient http = HttpClient.newHttpClient();
  private Workbench bench;
  private RunningWorker worker;
  private URI address;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    RunningWorker.assumeThereIsOne();
    bench = Workbench.in(folder);
    bench.sql(
        "INSERT INTO %s SELECT 'user' || g, g %% 2 = 0, md5(g::text) FROM generate_series(1, 2000) g");
    assertThat(bench.satchel().run("publish")).isZero();
    var variables = new JsonObject().put("KEYS", "another, " + KEY).put("TOKEN", TOKEN);
    worker = RunningWorker.in(WORKER, bench, "SNAPSHOTS", variables);
    address = worker.address().resolve("/" + KEY);
  }

  @AfterEach
  void stop() throws Exception {
    if (worker != null) {
      worker.close();
    }
    if (bench != null) {
      bench.close();
    }
  }

  @Test
  void aClientReadsWhatThePublisherWroteAndFollowsAPatch() throws Exception {
    var source = HttpSource.of(address, Map.of("Authorization", "Bearer " + TOKEN));
    var options = ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).build();
    try (var client = ConfigClient.openBlocking(source, options)) {
      List<RefreshReport> reports = new CopyOnWriteArrayList<>();
      client.onRefresh(reports::add);
      assertThat(client.status().users()).isEqualTo(2_003);
      assertThat(client.getBoolean("user1", "preview", true)).isFalse();

      bench.sql("UPDATE %s SET preview = true WHERE id = 'user1'");
      assertThat(bench.satchel().run("publish")).isZero();
      worker.copyAgain();

      assertThat(client.refreshBlocking().lastFailure()).isNull();
      assertThat(client.getBoolean("user1", "preview", false)).isTrue();
      Waiting.until("a report", () -> !reports.isEmpty()); // which another thread tells
      assertThat(reports)
          .extracting(RefreshReport::fetched)
          .containsExactly(ClientStatus.Fetched.PATCH);
    }
  }

  @Test
  void itAnswersAsItsReadmeSays() throws Exception {
    HttpResponse<byte[]> whole = ask(request(address));
    String etag = whole.headers().firstValue("etag").orElseThrow();
    String revision = whole.headers().firstValue("satchel-revision").orElseThrow();

    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(revision).isEqualTo(Long.toString(bench.published().revision()));
    assertThat(whole.headers().firstValue("satchel-sha-256").map(sha -> '"' + sha + '"'))
        .hasValue(etag);
    assertThat(whole.headers().firstValue("satchel-published-at"))
        .hasValue(bench.published().publishedAt().toString());
    assertThat(whole.headers().firstValue("cache-control").orElseThrow()).startsWith("private, ");

    var head = ask(request(address).method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValueAsLong("content-length")).hasValue(whole.body().length);
    assertThat(ask(request(address).header("If-None-Match", "\"other\", W/" + etag)).statusCode())
        .isEqualTo(304);
    assertThat(ask(request(address).DELETE()).statusCode()).isEqualTo(405);
    assertThat(ask(HttpRequest.newBuilder(address)).statusCode()).isEqualTo(401);
    // a copy is there, but only the key and its patches may be read
    assertThat(ask(request(address.resolve("/" + KEY + "@" + revision))).statusCode())
        .isEqualTo(404);
  }

  @Test
  void clientsBehindNginxReadItWithoutItsToken(@TempDir Path folder) throws Exception {
    assumeTrue(RunningNginx.isInstalled(), "skipped the cache: nginx is not installed");
    Map<String, String> places = RunningNginx.placesBefore(address);
    try (var nginx = RunningNginx.start(folder, places, TOKEN);
        var client =
            ConfigClient.openBlocking(
                HttpSource.of(URI.create(nginx.address() + "/" + KEY)),
                ConfigClientOptions.builder().pollInterval(Duration.ofMillis(100)).build())) {
      List<RefreshReport> reports = new CopyOnWriteArrayList<>();
      client.onRefresh(reports::add);

      bench.sql("UPDATE %s SET preview = true WHERE id = 'user1'");
      assertThat(bench.satchel().run("publish")).isZero();
      worker.copyAgain();
      Waiting.until("the change arrives", () -> client.getBoolean("user1", "preview", false));

      Waiting.until("a report of it", () -> reports.stream().anyMatch(WorkerTest::isOfAPatch));
      assertThat(reports)
          .extracting(RefreshReport::fetched)
          .containsOnly(ClientStatus.Fetched.NOTHING, ClientStatus.Fetched.PATCH);
      worker.close();
      assertThat(client.refreshBlocking().lastFailure()).isNull();
    }
  }

  private static boolean isOfAPatch(RefreshReport report) {
    return report.fetched() == ClientStatus.Fetched.PATCH;
  }

  @Test
  void theCheckOfAnAddressFindsNothingWrongWithIt() {
    var satchel = bench.satchel().and("SATCHEL_SOURCE_TOKEN", TOKEN);

    assertThat(satchel.run("check-source", address.toString())).describedAs(satchel.out()).isZero();
    assertThat(satchel.out()).contains(" 0 failed, 0 warnings");
  }

  @Test
  void itServesPatches() throws Exception {
    bench.sql("UPDATE %s SET preview = true WHERE id = 'user1'");
    assertThat(bench.satchel().run("publish")).isZero();
    worker.copyAgain();
    URI patch = address.resolve("/" + KEY + "@" + bench.published().revision() + ".patch");

    HttpResponse<byte[]> answer = ask(request(patch));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("cache-control").orElseThrow()).contains("immutable");
  }

  private HttpRequest.Builder request(URI at) {
    return HttpRequest.newBuilder(at).header("Authorization", "Bearer " + TOKEN);
  }

  private HttpResponse<byte[]> ask(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }
}
