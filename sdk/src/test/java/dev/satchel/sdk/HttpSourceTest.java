package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.source.HttpSource;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against an HTTP server that does what no store should. */
final class HttpSourceTest {
  private static final String SECRET = "a-secret-that-nobody-may-see";

  private final Vertx vertx = Vertx.vertx();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Handler<HttpServerRequest> answer = request -> request.response().end();
  private volatile Instant now = Instant.parse("2026-03-01T13:00:00Z");
  private HttpServer server;
  private ConfigClient client;

  @BeforeEach
  void openWithRevisionSeven() {
    server =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      asked.add(String.valueOf(request.getHeader("If-None-Match")));
                      answer.handle(request);
                    })
                .listen(0, "127.0.0.1"));
    serve(7);
    client = open(Duration.ofSeconds(20), ConfigClientOptions.DEFAULT_START_TIMEOUT);
    assertThat(client.status().revision()).isEqualTo(7);
  }

  private ConfigClient open(Duration callTimeout, Duration startTimeout) {
    return await(
        ConfigClient.open(
            HttpSource.of(address(), Map.of("Authorization", SECRET)),
            ConfigClientOptions.builder()
                .pollInterval(Duration.ofHours(1))
                .callTimeout(callTimeout)
                .startTimeout(startTimeout)
                .clock(() -> now)
                .build()));
  }

  @AfterEach
  void close() {
    client.close();
    await(server.close());
    await(vertx.close());
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/users?key=" + SECRET);
  }

  private static Buffer value(long revision) {
    return Buffer.buffer(Publication.ofFlag(revision, "alice", true).value());
  }

  /** Serves a revision as a sound server would. */
  private void serve(long revision) {
    String etag = "\"" + revision + "\"";
    answer =
        request -> {
          HttpServerResponse response = request.response().putHeader("ETag", etag);
          if (etag.equals(request.getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
          } else {
            response.end(value(revision));
          }
        };
  }

  private void serve(Buffer body) {
    answer =
        request -> request.response().putHeader("ETag", "\"x" + body.length() + "\"").end(body);
  }

  private void expectStale(String reason) {
    ClientStatus status = await(client.refreshNow());
    assertThat(status.lastFailure()).contains(reason).doesNotContain(SECRET);
    assertThat(status.state()).isEqualTo(State.STALE);
    assertThat(status.revision()).isEqualTo(7);
    assertThat(client.getBoolean("alice", "preview_features_enabled", false)).isTrue();
  }

  private void expectFresh(long revision) {
    ClientStatus status = await(client.refreshNow());
    assertThat(status.lastFailure()).isNull();
    assertThat(status.revision()).isEqualTo(revision);
  }

  @Test
  void pollsCostNoBodyAndAChangeOneRequest() {
    expectFresh(7);
    serve(8);
    expectFresh(8);
    expectFresh(8);

    assertThat(asked).containsExactly("null", "\"7\"", "\"7\"", "\"8\"");
  }

  @Test
  void keepsTheLastGoodViewThroughEveryFaultAndHeals() {
    answer = request -> request.response().setStatusCode(500).end("oops");
    expectStale("expected status 200 but found 500");
    answer = request -> request.response().setStatusCode(404).end();
    expectStale("nothing is published under http://127.0.0.1");
    answer = request -> request.response().setStatusCode(302).putHeader("Location", "/x").end();
    expectStale("expected status 200 but found 302");
    answer =
        request -> {
          HttpServerResponse response = request.response().putHeader("ETag", "\"8\"");
          response.putHeader("Content-Length", Integer.toString(value(8).length()));
          response.write(value(8).slice(0, 100)).onComplete(sent -> request.connection().close());
        };
    expectStale("no whole answer");
    answer = request -> request.response().end(value(8));
    expectStale("expected an ETag");
    answer = request -> request.response().putHeader("Content-Type", "text/html").end("<p>log in");
    expectStale("expected bytes but found content type text/html");
    serve(Buffer.buffer());
    expectStale("no sound snapshot");
    serve(6);
    expectStale("expected a revision above 7, which is in use, but found 6");
    serve(8);
    expectFresh(8);
  }

  @Test
  void givesUpOnAServerThatStallsAndAsksItAgainLater() {
    answer = request -> {};
    ConfigClient impatient = open(Duration.ofMillis(100), Duration.ofMillis(500));
    assertThat(impatient.status().lastFailure()).contains("within 100 ms but nothing came");

    serve(8);

    until("revision 8", () -> await(impatient.refreshNow()).revision() == 8);
    impatient.close();
  }

  @Test
  void refusesEveryFlippedByteThoughNothingTellsADigest() {
    byte[] sound = value(8).getBytes();
    for (int at = 0; at < sound.length; at++) {
      if (at == 17 || at == 18 || at == 19) {
        continue; // the minor version and what is left free: not part of what the snapshot says
      }
      byte[] flipped = sound.clone();
      flipped[at] ^= 0x10;
      String etag = "\"flipped " + at + "\"";
      answer = request -> request.response().putHeader("ETag", etag).end(Buffer.buffer(flipped));
      expectStale("");
      now = now.plusSeconds(60); // the request budget
    }
  }

  @Test
  void doesNotReadABodyThatIsTooLarge() {
    Buffer chunk = Buffer.buffer(new byte[1 << 20]);
    answer =
        request -> {
          HttpServerResponse response = request.response().putHeader("ETag", "\"8\"");
          response.setChunked(true);
          for (int i = 0; i < 30; i++) {
            response.write(chunk);
          }
          response.end();
        };
    expectStale("expected at most 26214400 bytes but the answer is longer");
    answer =
        request -> {
          request.response().putHeader("ETag", "\"8\"").putHeader("Content-Length", "31457280");
          request.response().write(chunk);
        };
    expectStale("expected at most 26214400 bytes but the answer is longer");
  }

  @Test
  void doesNotOpenDecompressionBombs() throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      for (int i = 0; i < 100; i++) {
        gzip.write(new byte[1 << 20]);
      }
    }
    answer =
        request ->
            request
                .response()
                .putHeader("ETag", "\"gzip\"")
                .putHeader("Content-Encoding", "gzip")
                .end(Buffer.buffer(zipped.toByteArray()));
    expectStale("expected a body without content encoding but found gzip");
    serve(Buffer.buffer(Zstd.compress(new byte[256 << 20])));
    expectStale("no sound snapshot");
    byte[] boasting = value(8).getBytes();
    Arrays.fill(boasting, 112, 116, (byte) 0x7F); // the first frame's size once opened, 2 GiB
    serve(Buffer.buffer(boasting));
    expectStale("no sound snapshot");
  }

  @Test
  void leavesTheServerAloneForAsLongAsItAsks() {
    answer = request -> request.response().setStatusCode(429).putHeader("Retry-After", "120").end();
    expectStale("expected status 200 but found 429");
    serve(8);
    int before = asked.size();

    now = now.plusSeconds(119);
    expectStale("429");
    assertThat(asked).hasSize(before);
    now = now.plusSeconds(1);
    expectFresh(8);
  }

  @Test
  void understandsADateToRetryAfter() {
    answer =
        request ->
            request
                .response()
                .setStatusCode(503)
                .putHeader("Date", "Sun, 01 Mar 2026 09:00:00 GMT")
                .putHeader("Retry-After", "Sun, 01 Mar 2026 09:01:00 GMT")
                .end();
    expectStale("503");
    serve(8);

    now = now.plusSeconds(59);
    expectStale("503");
    now = now.plusSeconds(1);
    expectFresh(8);
  }

  @Test
  void doesNotFetchAgainWhatItHasRefused() {
    serve(Buffer.buffer("no snapshot"));
    expectStale("no sound snapshot");
    String etag = "\"x11\"";
    answer =
        request -> {
          assertThat(request.getHeader("If-None-Match")).isEqualTo(etag);
          request.response().setStatusCode(304).end();
        };

    expectStale("no sound snapshot");
    serve(8);
    expectFresh(8);
  }

  @Test
  void closesWhileAnAnswerIsOnItsWay() {
    answer = request -> {};
    var underWay = client.refreshNow();

    client.close();
    client.close();

    assertThatThrownBy(() -> await(underWay)).hasMessage("the client is closed");
    assertThat(client.view().revision()).isEqualTo(7);
  }
}
