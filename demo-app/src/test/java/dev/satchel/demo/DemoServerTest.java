package dev.satchel.demo;

import static io.vertx.core.Future.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DemoServerTest {
  private static final String BANNER =
      "<div class=\"preview-banner\">🎉 You have early access to preview features! 🎉</div>";

  private final ShelfKv kv = new ShelfKv();
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final ConfigClient client;
  private final DemoServer server;

  DemoServerTest() throws Exception {
    kv.publish(7, Map.of("alice", true, "bob", false));
    client =
        ConfigClient.openBlocking(
            kv.source(), ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).build());
    server =
        await(
            DemoServer.start(
                vertx, client, kv, new DemoOptions("127.0.0.1", 0), InstantSource.system()));
  }

  @BeforeEach
  void putAssets() {
    kv.put("assets/video.mp4", "0123456789");
    kv.put("secret", "not an asset");
  }

  @AfterEach
  void close() throws Exception {
    await(server.close());
    client.close();
    await(vertx.close());
  }

  private HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + pathAndQuery))
        .timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> get(String pathAndQuery, String... headers)
      throws IOException, InterruptedException {
    var request = request(pathAndQuery);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/?userId=", "/?user=alice", "/?userId", "/?userId=%zz"})
  void asksForAUserIdWhereThereIsNone(String path) throws Exception {
    // java.net.URI refuses a malformed escape, so this one goes over a plain socket
    String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("content-type: text/plain");
    assertThat(answer).endsWith("\r\n\r\nPlease provide a userId query parameter");
  }

  @Test
  void showsTheBannerToUsersWhoHaveThePreview() throws Exception {
    var answer = get("/?userId=alice");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.body())
        .contains(
            "<meta charset=\"utf-8\">",
            "<title>My App</title>",
            "<h1>Welcome to My App</h1>",
            "This is the regular content everyone sees.",
            BANNER);
  }

  @Test
  void metricsTellOfTheClientTheJvmAndTheProcess() throws Exception {
    var answer = get("/metrics");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "content-type")).startsWith("text/plain; version=0.0.4");
    assertThat(answer.body())
        .contains(
            "satchel_build_info{version=\"",
            "satchel_revision 7.0",
            "satchel_state{state=\"fresh\"} 1.0",
            "satchel_refresh_seconds_bucket{le=\"0.1\"} ",
            "jvm_memory_used_bytes{",
            "process_uptime_seconds ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bob", "nobody", "%3Cscript%3Ealert(1)%3C/script%3E", "%00", "a%20b"})
  void showsThePageWithoutBannerToEveryoneElse(String userId) throws Exception {
    var answer = get("/?userId=" + userId);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("<h1>Welcome to My App</h1>")
        .doesNotContain("class=\"preview-banner\"", "<script");
  }

  @Test
  void showsAChangeAsSoonAsTheClientHasIt() throws Exception {
    kv.publish(8, Map.of("alice", false, "bob", true));
    client.refreshBlocking();

    assertThat(get("/?userId=alice").body()).doesNotContain(BANNER);
    assertThat(get("/?userId=bob").body()).contains(BANNER);
  }

  @Test
  void staysUpWithoutAStoreAndSaysThatItIsNotReady() throws Exception {
    kv.setDown(true);
    ConfigClient empty =
        ConfigClient.openBlocking(
            kv.source(), ConfigClientOptions.builder().startTimeout(Duration.ofSeconds(1)).build());
    DemoServer unready =
        await(
            DemoServer.start(
                vertx, empty, kv, new DemoOptions("127.0.0.1", 0), InstantSource.system()));
    String base = "http://127.0.0.1:" + unready.port();

    assertThat(getAbsolute(base + "/health/live").statusCode()).isEqualTo(200);
    assertThat(getAbsolute(base + "/health/ready").statusCode()).isEqualTo(503);
    assertThat(getAbsolute(base + "/?userId=alice").body())
        .contains("everyone sees.")
        .doesNotContain(BANNER);
    assertThat(getAbsolute(base + "/status").body())
        .contains("EMPTY", "the &lt;store&gt; is down")
        .doesNotContain("<store>");
    assertThat(getAbsolute(base + "/assets/video.mp4").statusCode()).isEqualTo(502);

    kv.setDown(false);
    empty.refreshBlocking();
    assertThat(getAbsolute(base + "/health/ready").body())
        .isEqualTo("{\"ready\":true,\"state\":\"FRESH\",\"revision\":7}");
    await(unready.close());
    empty.close();
  }

  @Test
  void isNoLongerReadyWhenItsDataHasExpiredAndAnswersAllTheSame() throws Exception {
    var now = new AtomicReference<>(Instant.parse("2026-03-01T13:00:00Z"));
    ConfigClient old =
        ConfigClient.openBlocking(
            kv.source(),
            ConfigClientOptions.builder()
                .pollInterval(Duration.ofMinutes(10))
                .expireAfter(Duration.ofHours(1))
                .clock(now::get)
                .build());
    DemoServer unready =
        await(DemoServer.start(vertx, old, kv, new DemoOptions("127.0.0.1", 0), now::get));
    String base = "http://127.0.0.1:" + unready.port();
    assertThat(getAbsolute(base + "/health/ready").statusCode()).isEqualTo(200);

    now.set(Instant.parse("2026-03-01T14:00:00Z"));

    var ready = getAbsolute(base + "/health/ready");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body()).isEqualTo("{\"ready\":false,\"state\":\"EXPIRED\",\"revision\":7}");
    assertThat(getAbsolute(base + "/status").body()).contains("EXPIRED", "too old to be trusted");
    assertThat(getAbsolute(base + "/?userId=alice").body()).contains(BANNER);
    await(unready.close());
    old.close();
  }

  private HttpResponse<String> getAbsolute(String address)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(20)).build(),
        BodyHandlers.ofString());
  }

  @Test
  void saysWhatItServesFrom() throws Exception {
    kv.setDown(true);
    client.refreshBlocking();

    assertThat(get("/status").body())
        .contains("STALE", "<dd>7</dd>", "<dd>2</dd>", "2026-03-01 12:00:00 UTC", "is down")
        .containsPattern("<dt>Fetched</dt><dd>the whole value, [0-9,]+ bytes</dd>");
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/?userId=alice", "/status", "/health/ready", "/nowhere", "/", "/assets/x"})
  void everyAnswerHasItsSecurityHeaders(String path) throws Exception {
    var answer = get(path);

    assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(header(answer, "referrer-policy")).isEqualTo("no-referrer");
    assertThat(header(answer, "content-security-policy")).startsWith("default-src 'none'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nowhere", "/index.html", "/assets", "/status/", "//", "/favicon.ico"})
  void knowsNoOtherPaths(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void refusesOtherMethodsAndDoesNotReadTheirBodies() throws Exception {
    String answer =
        raw("POST /?userId=alice HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\nstart");

    assertThat(answer)
        .startsWith("HTTP/1.1 405 ")
        .contains("allow: GET, HEAD", "connection: close");
  }

  @Test
  void refusesRequestsThatAreTooLong() throws Exception {
    String line = raw("GET /?userId=" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    String fields = raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(20_000) + "\r\n\r\n");

    assertThat(line).containsPattern("^HTTP/1.[01] 414 ");
    assertThat(fields).containsPattern("^HTTP/1.[01] 431 ");
  }

  @Test
  void answersWhatItCannotReadWithSecurityHeadersToo() throws Exception {
    for (String request :
        List.of(
            "GET /" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(20_000) + "\r\n\r\n",
            "GET / HTTP/1.1\r\nHost\r\n: x\r\n\r\n",
            "GET / SPDY\r\n\r\n")) {
      assertThat(raw(request))
          .startsWith("HTTP/1.")
          .containsPattern("^HTTP/1.[01] 4[0-9][0-9] ")
          .contains("x-content-type-options: nosniff", "x-frame-options: DENY")
          .contains("content-security-policy: default-src 'none'");
    }
  }

  @Test
  void answersHeadWithTheLengthAndNoBody() throws Exception {
    var page = head("/?userId=alice");
    var asset = head("/assets/video.mp4");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(Integer.parseInt(header(page, "content-length"))).isGreaterThan(500);
    assertThat(page.body()).isEmpty();
    assertThat(header(asset, "content-length")).isEqualTo("10");
    assertThat(header(asset, "content-type")).isEqualTo("video/mp4");
    assertThat(asset.body()).isEmpty();
  }

  private HttpResponse<String> head(String path) throws IOException, InterruptedException {
    return http.send(
        request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }

  @ParameterizedTest
  @CsvSource({
    "logo.png, image/png",
    "photo.JPG, image/jpeg",
    "picture.webp, image/webp",
    "drawing.svg, image/svg+xml; charset=utf-8",
    "paper.pdf, application/pdf",
    "notes.txt, text/plain; charset=utf-8",
    "page.html, text/html; charset=utf-8",
    "song.mp3, audio/mpeg",
    "film.mp4, video/mp4",
    "clip.webm, video/webm",
    "data.json, application/json",
    "unknown.zzz, application/octet-stream",
    "no-extension, application/octet-stream",
  })
  void servesBinaryValuesWithTheirTypes(String name, String type) throws Exception {
    long seed = new Random().nextLong();
    byte[] bytes = new byte[10_000];
    new Random(seed).nextBytes(bytes);
    kv.put("assets/" + name, bytes);

    var answer = http.send(request("/assets/" + name).build(), BodyHandlers.ofByteArray());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "content-type")).isEqualTo(type);
    assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(answer.body()).as("seed %d", seed).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"page.html", "drawing.svg", "feed.xml", "page.xhtml"})
  void doesNotLetAssetsRunScripts(String name) throws Exception {
    kv.put("assets/" + name, "<script>alert(1)</script>");

    assertThat(header(get("/assets/" + name), "content-security-policy"))
        .startsWith("sandbox; default-src 'none'");
  }

  @Test
  void findsAssetsWhoseNamesNeedEscapes() throws Exception {
    kv.put("assets/a b/été+100%.txt", "found");

    assertThat(get("/assets/a%20b/%C3%A9t%C3%A9+100%25.txt").body()).isEqualTo("found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/",
        "/assets/missing.png",
        "/assets/../secret",
        "/assets/%2e%2e/secret",
        "/assets/%2E%2E%2Fsecret",
        "/assets/..%2fsecret",
        "/assets/a/../../secret",
        "/assets/./video.mp4",
        "/assets//video.mp4",
        "/assets/%252e%252e/secret",
        "/assets/..%5csecret",
        "/assets/video.mp4%00",
        "/assets/video.mp4%0a",
        "/assets/%ff",
        "/assets/%c0%ae%c0%ae/secret",
        "/assets/%",
        "/assets/%4",
        "/assets/%zz",
        "/secret",
        "/assets/user-configs",
        "/user-configs",
        "http://evil/assets/../secret",
      })
  void servesNothingOutsideAssets(String target) throws Exception {
    String answer = raw("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\nnot found");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, bytes 0-0/10",
    "bytes=2-5, 2345, bytes 2-5/10",
    "bytes=7-, 789, bytes 7-9/10",
    "bytes=-3, 789, bytes 7-9/10",
    "bytes=-99, 0123456789, bytes 0-9/10",
    "bytes=5-99999999999, 56789, bytes 5-9/10",
  })
  void servesTheRangeThatIsAskedFor(String range, String body, String contentRange)
      throws Exception {
    var answer = get("/assets/video.mp4", "Range", range);

    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(header(answer, "content-range")).isEqualTo(contentRange);
    assertThat(answer.body()).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=-0"})
  void saysWhenARangeCannotBeHad(String range) throws Exception {
    var answer = get("/assets/video.mp4", "Range", range);

    assertThat(answer.statusCode()).isEqualTo(416);
    assertThat(header(answer, "content-range")).isEqualTo("bytes */10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "items=0-1", "x"})
  void servesTheWholeWhereARangeIsNotUnderstood(String range) throws Exception {
    var answer = get("/assets/video.mp4", "Range", range);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("0123456789");
  }

  @Test
  void servesARangeOnlyOfTheValueThatTheBrowserHas() throws Exception {
    String etag = header(get("/assets/video.mp4"), "etag");

    assertThat(get("/assets/video.mp4", "Range", "bytes=0-1", "If-Range", etag).statusCode())
        .isEqualTo(206);
    assertThat(get("/assets/video.mp4", "Range", "bytes=0-1", "If-Range", "\"x\"").statusCode())
        .isEqualTo(200);
    assertThat(get("/assets/video.mp4", "If-None-Match", etag).statusCode()).isEqualTo(304);
  }

  @Test
  void readsAnAssetOnceForManyRequests() throws Exception {
    int before = kv.valueReads();

    for (int i = 0; i < 5; i++) {
      get("/assets/video.mp4");
      get("/assets/missing.mp4");
    }

    assertThat(kv.valueReads() - before).isEqualTo(2);
  }

  @Test
  void listensOnNoAddressButTheOneThatWasNamed() {
    // 127.0.0.2 is loopback too, so that only a server on every address would answer there
    assertThatThrownBy(() -> new Socket("127.0.0.2", server.port()).close())
        .isInstanceOf(SocketException.class);
    assertThat(DemoOptions.fromEnv(Map.of()).host()).isEqualTo("127.0.0.1");
  }

  /**
   * What comes back for these exact bytes, until the server closes or the whole answer is there.
   */
  private String raw(String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
