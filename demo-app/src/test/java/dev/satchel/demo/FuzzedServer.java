package dev.satchel.demo;

import static io.vertx.core.Future.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The demo's server, which is asked for anything. Starts with the first question. */
final class FuzzedServer {
  private static final String PREVIEW_USER = "alice";
  private static final Vertx VERTX = Vertx.vertx();
  private static final Pattern ELEMENT = Pattern.compile("<[^>]*>");

  private static final FuzzedServer STARTED = start();

  private final ConfigClient client;
  private final DemoServer server;
  private final RawClient raw;
  private final String plainPage;
  private final String bannerPage;
  private final List<String> statusElements;

  private FuzzedServer() throws Exception {
    var kv = new ShelfKv();
    kv.publish(7, Map.of(PREVIEW_USER, true, "bob", false));
    kv.put("assets/video.mp4", "0123456789");
    client =
        ConfigClient.openBlocking(
            kv.source(), ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).build());
    server =
        await(
            DemoServer.start(
                VERTX,
                client,
                kv,
                new DemoOptions("127.0.0.1", 0),
                InstantSource.system(),
                new DemoServer.Bounds(
                    1_024, Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(30))));
    raw = new RawClient(server.port());
    plainPage = raw.get("/?userId=bob").orElseThrow().body();
    bannerPage = raw.get("/?userId=alice").orElseThrow().body();
    statusElements = elements(raw.get("/status").orElseThrow().body());
    assertThat(bannerPage).isNotEqualTo(plainPage);
  }

  private static FuzzedServer start() {
    try {
      return new FuzzedServer();
    } catch (Exception e) {
      throw new AssertionError("the server does not start", e);
    }
  }

  static void close() throws Exception {
    STARTED.raw.close();
    await(STARTED.server.close());
    STARTED.client.close();
    await(VERTX.close());
  }

  /** Text that begins with a slash is a request's target, and any other a user id. */
  static void answers(byte[] input) throws IOException {
    if (input.length == 0 || input[0] != '/') {
      String userId = new String(input, StandardCharsets.UTF_8);
      STARTED.userIsAnswered(
          userId, "/?userId=" + URLEncoder.encode(userId, StandardCharsets.UTF_8));
    } else {
      STARTED.targetIsAnswered(new String(input, StandardCharsets.ISO_8859_1));
    }
  }

  private void userIsAnswered(String userId, String target) throws IOException {
    var answer = raw.get(target).orElseThrow();

    isSecure(answer);
    if (userId.isEmpty()) {
      assertThat(answer.status()).isEqualTo(400);
    } else if (target.length() < 4_000) {
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(userId.equals(PREVIEW_USER) ? bannerPage : plainPage);
    } else {
      assertThat(answer.status()).isIn(200, 414);
    }
  }

  private void targetIsAnswered(String target) throws IOException {
    boolean isOnePiece = target.chars().allMatch(c -> c > ' ' && c < 127);
    var found = isOnePiece ? raw.get(target) : raw.getAndClose(target);
    if (!isOnePiece && found.isEmpty()) {
      return; // no HTTP, so that the connection may just be closed
    }
    var answer = found.orElseThrow();
    if (!isOnePiece && answer.status() == 501) {
      // Vert.x's own answer to a version of HTTP that it does not know
      assertThat(answer.body()).isEmpty();
      return;
    }

    isSecure(answer);
    assertThat(answer.status()).isIn(200, 400, 404, 405, 414, 431);
    if (answer.header("content-type").startsWith("text/html")) {
      assertThat(answer.status()).isEqualTo(200);
      if (!elements(answer.body()).equals(statusElements)) {
        assertThat(answer.body()).isIn(plainPage, bannerPage);
      }
    } else if (answer.status() == 400) {
      assertThat(answer.body()).isIn(DemoServer.NO_USER_ID, "bad request");
    } else if (answer.status() == 404) {
      assertThat(answer.body()).isEqualTo("not found");
    }
  }

  private static void isSecure(RawClient.Answer answer) {
    assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(answer.header("referrer-policy")).isEqualTo("no-referrer");
    assertThat(answer.header("x-frame-options")).isEqualTo("DENY");
    assertThat(answer.header("cross-origin-resource-policy")).isEqualTo("same-origin");
  }

  private static List<String> elements(String html) {
    return ELEMENT.matcher(html).results().map(MatchResult::group).toList();
  }
}
