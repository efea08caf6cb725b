package dev.satchel.http;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One GET against a socket that does what no server should. */
@Timeout(60)
final class HttpGetTest {
  private static final int MAX = 1_000;
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  private Vertx vertx;
  private ScriptedServer server;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    server = ScriptedServer.start(vertx);
  }

  @AfterEach
  void stop() {
    server.close();
    await(vertx.close());
  }

  private HttpAnswer get(Duration timeout, int expectedBytes)
      throws IOException, InterruptedException {
    return new HttpGet(
            URI.create("http://127.0.0.1:" + server.port() + "/a%20b?c=d%2Fe"),
            Map.of("Authorization", "Bearer mark-5f0c9d"),
            MAX,
            expectedBytes,
            timeout)
        .send(NetworkOptions.defaults());
  }

  private HttpAnswer get() throws IOException, InterruptedException {
    return get(Duration.ofSeconds(20), 0);
  }

  /** Why no answer came; without anything that the other side sent, and without our header. */
  private String failure(Duration timeout) {
    Throwable failure = catchThrowable(() -> get(timeout, 0));
    assertThat(failure)
        .isInstanceOf(HttpException.class)
        .hasMessageNotContaining("mark-5f0c9d")
        .hasMessageNotContaining("marker-of-the-server")
        .hasMessageStartingWith("no whole answer after ");
    return String.valueOf(failure.getMessage());
  }

  private String failure() {
    return failure(Duration.ofSeconds(20));
  }

  @Test
  void sendsTheTargetAsItStandsAndTheHeaders() throws Exception {
    server.script(ScriptedServer.octets(Buffer.buffer("v")));

    assertThat(get().body()).containsExactly('v');

    ScriptedServer.Request request = server.onlyRequest();
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.target()).isEqualTo("/a%20b?c=d%2Fe");
    assertThat(request.headers())
        .containsEntry("host", "127.0.0.1:" + server.port())
        .containsEntry("authorization", "Bearer mark-5f0c9d")
        .containsEntry("connection", "close")
        .containsEntry("accept-encoding", "identity");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 500, 999, 1_000})
  void readsABodyOfAnyLengthHoweverItsEndIsTold(int length) throws Exception {
    byte[] body = new byte[length];
    Arrays.fill(body, (byte) 'x');
    String text = "x".repeat(length);
    var chunks = new StringBuilder();
    for (int at = 0; at < length; at += 333) {
      String chunk = text.substring(at, Math.min(length, at + 333));
      chunks.append(Integer.toHexString(chunk.length())).append(";ext=1\r\n").append(chunk);
      chunks.append("\r\n");
    }
    for (int expected : new int[] {0, length / 2, length, MAX}) {
      server.script(
          ScriptedServer.bytes(OK + "Content-Length: " + length + "\r\n\r\n" + text),
          ScriptedServer.bytes(
              OK + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\nTrailer: t\r\n\r\n"),
          ScriptedServer.bytesThenHangUp(OK + "\r\n" + text),
          ScriptedServer.bytes("HTTP/1.1 204 None\r\n\r\n"));

      for (boolean hasKnownEnd : new boolean[] {true, true, false}) {
        HttpAnswer answer = get(Duration.ofSeconds(20), expected);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.hasKnownEnd()).isEqualTo(hasKnownEnd);
      }
      assertThat(get().body()).isEmpty();
    }
  }

  @Test
  void anAnswerToHeadHasNoBodyWhateverItsHeadersSay() throws Exception {
    for (String end :
        new String[] {
          "Content-Length: 99000000", "Transfer-Encoding: chunked", "Content-Encoding: br"
        }) {
      server.script(ScriptedServer.bytes(OK + end + "\r\nETag: \"x\"\r\n\r\n"));

      HttpAnswer answer =
          new HttpGet(
                  URI.create("http://127.0.0.1:" + server.port() + "/a"),
                  Map.of(),
                  MAX,
                  0,
                  Duration.ofSeconds(20))
              .sendHead(NetworkOptions.defaults());

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("etag")).isEqualTo("\"x\"");
      assertThat(answer.body()).isEmpty();
    }
    assertThat(server.requests()).allMatch(request -> request.method().equals("HEAD"));
  }

  @Test
  void passesOverInterimAnswers() throws Exception {
    server.script(
        ScriptedServer.bytes(
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + "Content-Length: 1\r\n\r\nv"));

    assertThat(get().body()).containsExactly('v');
  }

  @Test
  void handsOnStatusesAndFollowsNoRedirect() throws Exception {
    server.script(
        ScriptedServer.status(302, "text/plain", Buffer.buffer("x"), "Location: http://127.0.0.1/"),
        ScriptedServer.status(503, "text/plain", Buffer.buffer("x"), "Retry-After: 7"));

    assertThat(get().status()).isEqualTo(302);
    assertThat(server.requests()).hasSize(1);
    HttpAnswer busy = get();
    assertThat(busy.status()).isEqualTo(503);
    assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void endsWithTheTimeoutWhateverDripsOrStalls() {
    server.script(ScriptedServer.silence());
    assertThat(failure(Duration.ofMillis(200))).endsWith("timed out");
    for (String begin :
        new String[] {
          "",
          OK,
          OK + "A: ",
          OK + "\r\n",
          OK + "Content-Length: 900\r\n\r\n",
          OK + "Transfer-Encoding: chunked\r\n\r\n",
          OK + "Transfer-Encoding: chunked\r\n\r\n9;"
        }) {
      server.script(
          (socket, request) -> {
            socket.write(begin);
            drip(socket);
          });
      assertThat(failure(Duration.ofMillis(300))).as(begin).endsWith("timed out");
    }
  }

  /** A byte each 20 ms, for ever. */
  private void drip(NetSocket socket) {
    long timer = vertx.setPeriodic(20, due -> socket.write("1"));
    socket.closeHandler(closed -> vertx.cancelTimer(timer));
  }

  @Test
  void tellsACutFromAWhole() {
    server.script(ScriptedServer.hangUp());
    assertThat(failure()).endsWith("the connection ended before the answer did");
    server.script(ScriptedServer.bytesThenHangUp(OK + "Content-Length: 10\r\n\r\nabc"));
    assertThat(failure()).endsWith("the connection ended after 3 of 10 bytes");
    server.script(
        ScriptedServer.bytesThenHangUp(OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc"));
    assertThat(failure()).endsWith("the connection ended before the answer did");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-marker-of-the-server\r\n",
        "HTTP/2 200\r\n\r\n",
        OK + "no colon but marker-of-the-server\r\n\r\n",
        OK + ": nameless\r\n\r\n",
        OK + "Content-Length: -1\r\n\r\n",
        OK + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        OK + "Content-Length: 99999999999999999999\r\n\r\n",
        OK + "Transfer-Encoding: marker-of-the-server\r\n\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\nmarker-of-the-server\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
        OK + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
        OK + "Content-Encoding: <marker-of-the-server>\r\nContent-Length: 1\r\n\r\nx"
      })
  void refusesWhatIsNoAnswerInWordsOfItsOwn(String answer) {
    server.script(ScriptedServer.bytes(answer));

    assertThat(failure()).contains("expected").doesNotContain("\n");
  }

  @Test
  void takesNoMoreThanItsBounds() {
    server.script(ScriptedServer.bytes(OK + "Content-Length: 1001\r\n\r\n"));
    assertThat(failure()).endsWith("expected at most 1000 bytes but the answer is longer");
    server.script(ScriptedServer.bytes(OK + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n"));
    assertThat(failure()).endsWith("expected at most 1000 bytes but the answer is longer");
    server.script(ScriptedServer.bytesThenHangUp(OK + "\r\n" + "x".repeat(1_001)));
    assertThat(failure()).endsWith("expected at most 1000 bytes but the answer is longer");
    server.script(ScriptedServer.bytes(OK + "A: " + "x".repeat(70_000)));
    assertThat(failure()).endsWith("expected at most 65536 bytes of headers but found more");
    server.script(ScriptedServer.bytes("HTTP/1.1 100 Continue\r\n\r\n".repeat(20)));
    assertThat(failure()).endsWith("interim ones without end");
  }

  @Test
  void saysWhyItCannotConnect() throws Exception {
    URI nobody;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    }
    var refused = new HttpGet(nobody, Map.of(), 1, 0, Duration.ofSeconds(20));
    assertThatThrownBy(() -> refused.send(NetworkOptions.defaults()))
        .hasMessageContaining("cannot connect: Connection refused");
    var nowhere =
        new HttpGet(
            URI.create("http://no-such-host.invalid/"), Map.of(), 1, 0, Duration.ofSeconds(20));
    assertThatThrownBy(() -> nowhere.send(NetworkOptions.defaults()))
        .hasMessageContaining("there is no address for the host name no-such-host.invalid");
  }

  @Test
  void aThreadThatIsInterruptedStopsWaitingAndLeavesNoConnection() throws Exception {
    var gone = new CompletableFuture<Void>();
    var asked = new CompletableFuture<Void>();
    server.script(
        (socket, request) -> {
          socket.closeHandler(closed -> gone.complete(null));
          asked.complete(null);
        });
    var thrown = new CompletableFuture<Throwable>();
    var thread = new Thread(() -> thrown.complete(catchThrowable(this::get)));
    thread.start();
    await(asked);

    thread.interrupt();

    assertThat(await(thrown)).isInstanceOf(InterruptedException.class);
    await(gone);
  }

  @Test
  void refusesHeadersThatWouldBeMore() {
    for (Map<String, String> wrong :
        java.util.List.of(Map.of("A", "b\r\nC: d"), Map.of("A\n", "b"), Map.of("A", "é"))) {
      assertThatThrownBy(
              () -> new HttpGet(URI.create("http://a/"), wrong, 1, 0, Duration.ofSeconds(1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
