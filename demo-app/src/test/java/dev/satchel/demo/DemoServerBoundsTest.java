package dev.satchel.demo;

import static io.vertx.core.Future.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the server lets its clients take of connections and of time. */
final class DemoServerBoundsTest {
  private final ShelfKv kv = new ShelfKv();
  private final Vertx vertx = Vertx.vertx();
  private final ConfigClient client;

  DemoServerBoundsTest() {
    kv.publish(7, Map.of("alice", true));
    kv.put("assets/video.mp4", "0123456789");
    client =
        ConfigClient.openBlocking(
            kv.source(), ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).build());
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    await(vertx.close());
  }

  @Test
  void dropsASenderThatDripsItsHeaders() throws Exception {
    DemoServer impatient = startWith(bounds(10, Duration.ofSeconds(1)));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.UTF_8));

      assertThat(isDroppedWhileItDrips(socket)).isTrue();
    }
    await(impatient.close());
  }

  @Test
  void givesAnAnswerItsTimeThoughItWasAskedForBeforeTheOneBefore() throws Exception {
    DemoServer impatient = startWith(bounds(10, Duration.ofMillis(200)));
    kv.put("assets/first.txt", "first");
    var first = new CompletableFuture<Void>();
    var second = new CompletableFuture<Void>();
    kv.holdUntil(first);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
      String both =
          """
          GET /assets/first.txt HTTP/1.1
          Host: x

          GET /assets/video.mp4 HTTP/1.1
          Host: x
          Connection: close

          """;
      socket.getOutputStream().write(both.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
      var answers = new ByteArrayOutputStream();
      expectSilence(socket, answers);
      kv.holdUntil(second);
      first.complete(null);
      expectSilence(socket, answers);
      assertThat(answers.toString(StandardCharsets.UTF_8)).endsWith("\r\n\r\nfirst");

      second.complete(null);
      socket.setSoTimeout(20_000);
      socket.getInputStream().transferTo(answers);
      assertThat(answers.toString(StandardCharsets.UTF_8)).endsWith("\r\n\r\n0123456789");
    }
    await(impatient.close());
  }

  /** Far longer than a request may take, nothing more comes, and the connection stays. */
  private static void expectSilence(Socket socket, ByteArrayOutputStream answers)
      throws IOException {
    socket.setSoTimeout(1_000);
    assertThatThrownBy(() -> socket.getInputStream().transferTo(answers))
        .isInstanceOf(SocketTimeoutException.class);
  }

  /** Sends a byte each tenth of a second: far within what is idle. */
  private static boolean isDroppedWhileItDrips(Socket socket) throws IOException {
    socket.setSoTimeout(100);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < deadline) {
      try {
        socket.getOutputStream().write('x');
        if (socket.getInputStream().read(new byte[8_192]) < 0) {
          return true;
        }
      } catch (SocketTimeoutException stillOpen) {
        // which is what the loop goes on for
      } catch (SocketException dropped) {
        return true;
      }
    }
    return false;
  }

  @Test
  void closesConnectionsBeyondItsBoundAndServesTheOthers() throws Exception {
    DemoServer small = startWith(bounds(2, Duration.ofMinutes(1)));
    var loopback = InetAddress.getLoopbackAddress();
    try (var first = new Socket(loopback, small.port());
        var second = new Socket(loopback, small.port())) {
      // an answer on both shows that both are counted
      for (var socket : List.of(first, second)) {
        socket.setSoTimeout(20_000);
        socket
            .getOutputStream()
            .write("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
      try (var third = new Socket(loopback, small.port())) {
        third.setSoTimeout(20_000);
        assertThat(third.getInputStream().read()).isEqualTo(-1);
      }
      first
          .getOutputStream()
          .write(
              "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.UTF_8));
      assertThat(new String(first.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .containsPattern("(?s)live\":true.*HTTP/1.1 200 .*live\":true");
    }
    await(small.close());
  }

  private static DemoServer.Bounds bounds(int connections, Duration forRequest) {
    var usual = DemoServer.Bounds.DEFAULT;
    return new DemoServer.Bounds(connections, forRequest, usual.forAnswer(), usual.idle());
  }

  private DemoServer startWith(DemoServer.Bounds bounds) throws Exception {
    return await(
        DemoServer.start(
            vertx, client, kv, new DemoOptions("127.0.0.1", 0), InstantSource.system(), bounds));
  }
}
