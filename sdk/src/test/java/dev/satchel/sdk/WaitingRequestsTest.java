package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.next;
import static dev.satchel.sdk.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.kv.Digests;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.source.HttpSource;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that polls once an hour, and asks a server to tell it of changes. */
final class WaitingRequestsTest {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<HttpServerRequest> waiting = new LinkedBlockingQueue<>();
  private volatile Handler<HttpServerRequest> ofWaiting = request -> {};
  private volatile byte[] value = Publication.ofFlag(7, "alice", false).value();
  private volatile String revision = "";
  private HttpServer server;
  private @Nullable ConfigClient opened;

  @BeforeEach
  void start() {
    server = await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
  }

  @AfterEach
  void stop() {
    if (opened != null) {
      opened.close();
    }
    await(server.close());
    await(vertx.close());
  }

  private void answer(HttpServerRequest request) {
    if (request.getHeader("Prefer") != null) {
      waiting.add(request);
      ofWaiting.handle(request);
    } else if (etag().equals(request.getHeader("If-None-Match"))) {
      request.response().setStatusCode(304).end();
    } else {
      named(request.response()).end(Buffer.buffer(value));
    }
  }

  private HttpServerResponse named(HttpServerResponse response) {
    response.putHeader("ETag", etag());
    return revision.isEmpty()
        ? response
        : response
            .putHeader("Satchel-Revision", revision)
            .putHeader("Satchel-SHA-256", Digests.sha256(value));
  }

  private String etag() {
    return "\"" + Digests.sha256(value) + "\"";
  }

  private static HttpServerResponse applied(HttpServerRequest request) {
    return request.response().putHeader("Preference-Applied", "wait=30");
  }

  private void open() {
    opened =
        await(
            ConfigClient.open(
                HttpSource.of(URI.create("http://127.0.0.1:" + server.actualPort() + "/users"))
                    .waiting(LONGEST),
                ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).build()));
  }

  private ConfigClient client() {
    return Objects.requireNonNull(opened);
  }

  private boolean flag() {
    return client().getBoolean("alice", "preview_features_enabled", false);
  }

  @Test
  void aChangeIsInUseLongBeforeTheNextPoll() throws Exception {
    open();
    HttpServerRequest asked = next(waiting);
    assertThat(asked.method().name()).isEqualTo("HEAD");
    assertThat(asked.getHeader("Prefer")).isEqualTo("wait=30");
    assertThat(asked.getHeader("If-None-Match")).isEqualTo(etag());

    value = Publication.ofFlag(8, "alice", true).value();
    named(applied(asked)).end();

    until("the change", this::flag);
    assertThat(client().isToldOfChanges()).isTrue();
    assertThat(next(waiting).getHeader("If-None-Match")).contains(etag());
  }

  @Test
  void aServerThatAnswersAtOnceIsNotAskedInALoopAndIsStillHeard() throws Exception {
    ofWaiting = request -> named(request.response()).setStatusCode(304).end();
    open();
    next(waiting);
    long first = System.nanoTime();
    next(waiting);
    assertThat(System.nanoTime() - first).isGreaterThan(500_000_000);
    assertThat(client().isToldOfChanges()).isFalse();
    assertThat(client().status().state()).isEqualTo(State.FRESH);

    ofWaiting = request -> named(request.response()).end();
    value = Publication.ofFlag(8, "alice", true).value();

    until("the change", this::flag);
  }

  @Test
  void aServerThatOnlySaysThatItWaitsIsNotAskedInALoop() throws Exception {
    ofWaiting = request -> applied(request).setStatusCode(304).end();
    open();
    next(waiting);
    long first = System.nanoTime();
    next(waiting);

    assertThat(System.nanoTime() - first).isGreaterThan(500_000_000);
    until("no more trust in it", () -> !client().isToldOfChanges());
  }

  @Test
  void aProxyThatCutsWaitingRequestsIsNoFailureAndIsAskedForLess() throws Exception {
    var asked = new AtomicInteger();
    ofWaiting =
        request -> {
          if (asked.incrementAndGet() == 1) {
            vertx.setTimer(1_100, later -> applied(request).setStatusCode(304).end());
          } else {
            vertx.setTimer(2_200, later -> request.connection().close());
          }
        };
    open();
    next(waiting);
    assertThat(next(waiting).getHeader("Prefer")).isEqualTo("wait=30");

    assertThat(next(waiting).getHeader("Prefer")).isEqualTo("wait=2");
    assertThat(client().isToldOfChanges()).isTrue();
    assertThat(client().status().lastFailure()).isNull();
  }

  @Test
  void aServerThatIsBehindAnotherIsNoNews() throws Exception {
    revision = "7";
    open();
    client().refreshBlocking();
    HttpServerRequest asked = next(waiting);
    var reports = new LinkedBlockingQueue<RefreshReport>();
    client().onRefresh(reports::add);
    revision = "6";
    value = Publication.ofFlag(6, "alice", true).value();

    named(applied(asked)).end();

    assertThat(next(waiting).getHeader("If-None-Match")).doesNotContain(etag());
    assertThat(reports).isEmpty();
    assertThat(client().status().lastFailure()).isNull();
  }

  @Test
  void closingEndsAWaitingRequestAtOnceAndLeavesNoThread() throws Exception {
    var gone = new CountDownLatch(1);
    ofWaiting = request -> request.connection().closeHandler(closed -> gone.countDown());
    open();
    next(waiting);

    client().close();

    await(gone);
    until(
        "no thread",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("satchel-wait")));
  }

  @Test
  void aWaitThatNoServerCouldGrantIsRefused() {
    var source = HttpSource.of(URI.create("https://cdn.example.com/users"));

    assertThatThrownBy(() -> source.waiting(Duration.ofMillis(999)))
        .hasMessage("expected a wait from PT1S to PT10M but found PT0.999S");
  }
}
