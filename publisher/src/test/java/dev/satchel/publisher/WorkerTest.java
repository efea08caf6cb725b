package dev.satchel.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.RefreshReport;
import dev.satchel.sdk.source.HttpSource;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private Process worker;
  private BufferedReader said;
  private URI address;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    assumeTrue(
        Files.isDirectory(WORKER.resolve("node_modules/miniflare")),
        "skipped the Worker: sdk/worker/node_modules is not installed");
    bench = Workbench.in(folder);
    bench.sql(
        "INSERT INTO %s SELECT 'user' || g, g %% 2 = 0, md5(g::text) FROM generate_series(1, 2000) g");
    assertThat(bench.satchel().run("publish")).isZero();
    worker = startWorker();
    said =
        new BufferedReader(new InputStreamReader(worker.getInputStream(), StandardCharsets.UTF_8));
    address = URI.create(Objects.requireNonNull(said.readLine())).resolve("/" + KEY);
  }

  @AfterEach
  void stop() throws Exception {
    if (worker != null) {
      worker.getOutputStream().close();
      worker.waitFor();
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
      copyAgain();

      assertThat(client.refreshBlocking().lastFailure()).isNull();
      assertThat(client.getBoolean("user1", "preview", false)).isTrue();
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
  void theCheckOfAnAddressFindsNothingWrongWithIt() {
    var satchel = bench.satchel().and("SATCHEL_SOURCE_TOKEN", TOKEN);

    assertThat(satchel.run("check-source", address.toString())).describedAs(satchel.out()).isZero();
    assertThat(satchel.out()).contains(" 0 failed, 0 warnings");
  }

  @Test
  void itServesPatches() throws Exception {
    bench.sql("UPDATE %s SET preview = true WHERE id = 'user1'");
    assertThat(bench.satchel().run("publish")).isZero();
    copyAgain();
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

  private void copyAgain() throws Exception {
    OutputStream in = worker.getOutputStream();
    in.write('\n');
    in.flush();
    assertThat(said.readLine()).isEqualTo("copied");
  }

  private Process startWorker() throws Exception {
    var command =
        new ProcessBuilder("node", "test/serve.mjs")
            .directory(WORKER.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    var env = new HashMap<>(bench.env());
    env.keySet().removeIf(name -> !name.startsWith("CLOUDFLARE_"));
    command.environment().putAll(env);
    command.environment().put("KEYS", "another, " + KEY);
    command.environment().put("TOKEN", TOKEN);
    return command.start();
  }
}
