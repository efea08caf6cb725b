package dev.satchel.publisher.nginx;

import static dev.satchel.publisher.Waiting.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.satchel.kv.Digests;
import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.Workbench;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cache of sdk/nginx, with the times that it has, before a KV server with one snapshot. */
@Timeout(60)
class NginxTest {
  private static final String KEY = "user-configs";
  private static final String EXPECTED = "Satchel-SHA-256";

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static Path folder;
  private static Workbench bench;
  private static NameServer names;
  private static Origin origin;
  private static RunningNginx nginx;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    assumeTrue(RunningNginx.isInstalled(), "skipped the cache: nginx is not installed");
    folder = directory;
    bench = Workbench.in(directory.resolve("kv"));
    assertThat(bench.satchel().run("publish")).isZero();
    names = new NameServer();
    origin = Origin.before(bench.kvSettings().baseUrl(), directory);
    nginx = RunningNginx.start(directory, places());
  }

  private static Map<String, String> places() {
    return RunningNginx.places(
        bench.kvSettings().accountId(), bench.kvSettings().namespaceId(), origin, names);
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable part : new AutoCloseable[] {nginx, origin, names, bench}) {
      if (part != null) {
        part.close();
      }
    }
  }

  @BeforeEach
  void forget() {
    origin.forget();
  }

  @Test
  void nginxHasNothingToSayAboutTheFile() throws Exception {
    Path another = Files.createDirectory(folder.resolve("check"));

    assertThat(RunningNginx.check(another, places())).isEmpty();
  }

  @Test
  void itSendsItsOwnCredentialsAndNothingOfTheClients() throws Exception {
    var request =
        request(path("/metadata/" + KEY) + "?not=passed")
            .header("Authorization", "Bearer of-the-client")
            .header("X-Auth-Key", "of-the-client")
            .header("Cookie", "of-the-client");

    HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"revision\"");
    assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
    assertThat(origin.asked()).hasSize(1);
    assertThat(origin.asked().get(0).headers().toString())
        .contains("Authorization=Bearer " + RunningNginx.TOKEN, "Accept-Encoding=identity")
        .doesNotContain("of-the-client");
    assertThat(nginx.log("satchel.log") + nginx.log("satchel-origin.log"))
        .contains("/metadata/user-configs", "cache=MISS")
        .doesNotContain(RunningNginx.TOKEN, "not=passed");
  }

  @Test
  void nothingButTheKeysThatItIsToldIsAskedFor() throws Exception {
    for (String path :
        List.of(
            path("/values/another"),
            path("/values/" + KEY + "@1"),
            path("/values/" + KEY + "/another"),
            path("/keys"),
            path("/values/" + KEY).replace("/accounts/local", "/accounts/another"),
            "/client/v4/user/tokens/verify",
            "/",
            "/" + KEY + "@1.patch.patch")) {
      assertThat(status(request(path))).as(path).isEqualTo(404);
    }
    assertThat(status(request(path("/values/" + KEY)).DELETE())).isEqualTo(405);
    assertThat(origin.asked()).isEmpty();

    // these lead to the key by detours, of which the origin sees nothing
    for (String detour :
        List.of("/values/another%2F..%2F" + KEY, "/values/./" + KEY, "/values/" + KEY + "%0A")) {
      status(request(path(detour)).header(EXPECTED, Digests.sha256(detour.getBytes(UTF_8))));
    }
    assertThat(origin.asked())
        .extracting(Origin.Asked::path)
        .hasSizeGreaterThan(1)
        .containsOnly(path("/values/" + KEY));
  }

  @Test
  void theLargestValueComesWholeAndManyClientsAreOneRequest() throws Exception {
    byte[] value = new byte[KvLimits.MAX_VALUE_BYTES];
    new Random(42).nextBytes(value);
    String sha256 = Digests.sha256(value);
    Buffer published = bench.value(KEY);
    JsonObject metadata = bench.metadata(KEY);
    await(bench.kv().put(KEY, Buffer.buffer(value), metadata, null));
    try {
      List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(
            HTTP.sendAsync(
                request(path("/values/" + KEY)).header(EXPECTED, sha256).build(),
                BodyHandlers.ofByteArray()));
      }
      for (var answer : answers) {
        assertThat(Digests.sha256(answer.join().body())).isEqualTo(sha256);
      }
      assertThat(origin.asked()).hasSize(1);
    } finally {
      await(bench.kv().put(KEY, published, metadata, null));
    }
  }

  @Test
  void whatItHasSurvivesARestartWhileTheOriginIsDown() throws Exception {
    Path another = Files.createDirectory(folder.resolve("restarted"));
    String path = path("/metadata/" + KEY);
    try (var first = RunningNginx.start(another, places())) {
      assertThat(status(HttpRequest.newBuilder(URI.create(first.address() + path)))).isEqualTo(200);
    }

    origin.stop();
    try (var again = RunningNginx.start(another, places())) {
      assertThat(status(HttpRequest.newBuilder(URI.create(again.address() + path)))).isEqualTo(200);
    } finally {
      origin.startAgain();
    }
  }

  @Test
  void anOriginUnderAnotherNameIsNotTrusted() throws Exception {
    Path another = Files.createDirectory(folder.resolve("another"));
    var places = new HashMap<>(places());
    places.put("api.cloudflare.com", origin.hostAndPort().replace(Origin.HOST, "another.test"));

    try (var stranger = RunningNginx.start(another, places)) {
      URI address = URI.create(stranger.address() + path("/metadata/" + KEY));
      assertThat(status(HttpRequest.newBuilder(address))).isBetween(502, 503);
      assertThat(stranger.log("error.log")).contains("certificate does not match");
    }
    assertThat(origin.asked()).isEmpty();
  }

  private static String path(String end) {
    return "/client/v4/accounts/%s/storage/kv/namespaces/%s%s"
        .formatted(bench.kvSettings().accountId(), bench.kvSettings().namespaceId(), end);
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(nginx.address() + path));
  }

  private static int status(HttpRequest.Builder request) throws IOException, InterruptedException {
    return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
  }
}
