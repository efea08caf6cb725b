package dev.satchel.kv.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the server does wrong when a test asks it to. */
class LocalKvFaultsTest extends ServerTest {

  @Test
  void theNextRequestsThatMatchAreAnsweredAsScripted() {
    server.faults().next(2, "GET", "/values/").answers(503);
    server.faults().next(1, "*", "/keys$").answers(429, Duration.ofSeconds(7));

    rest.put(value("k"), "v").result();
    assertThat(rest.get(value("k")).refusal()).startsWith("503/");
    assertThat(rest.get(value("k")).refusal()).startsWith("503/");
    assertThat(rest.get(value("k")).text()).isEqualTo("v");
    Rest.Reply limited = rest.get(namespace + "/keys");
    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.header("retry-after")).isEqualTo("7");
    assertThat(rest.get(namespace + "/keys").status()).isEqualTo(200);
  }

  @Test
  void aScriptedRefusalOfAWriteStoresNothing() {
    server.faults().next(1, "PUT", "/values/").answers(500);

    assertThat(rest.put(value("k"), "v").status()).isEqualTo(500);

    assertThat(rest.get(value("k")).status()).isEqualTo(404);
  }

  @Test
  void aCutAnswerEndsInsideItsBody() {
    rest.put(value("k"), "0123456789").result();
    server.faults().next(1, "GET", "/values/").areCut();

    assertThatThrownBy(() -> rest.get(value("k"))).isInstanceOf(UncheckedIOException.class);

    assertThat(rest.get(value("k")).text()).isEqualTo("0123456789");
  }

  @Test
  void aStallInTheBodySendsHalfAndThenNothing() throws Exception {
    rest.put(value("k"), "0123456789").result();
    server.faults().next(1, "GET", "/values/").stallInBody();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      send(socket, value("k"));
      InputStream in = socket.getInputStream();
      var seen = new StringBuilder();
      while (!seen.toString().endsWith("\r\n\r\n01234")) {
        seen.append((char) in.read());
      }

      socket.setSoTimeout(50);
      assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aStallSaysNothing() throws Exception {
    server.faults().next(1, "GET", "/values/").stall();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      send(socket, value("k"));

      socket.setSoTimeout(50);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(rest.get(value("k")).status()).isEqualTo(404);
  }

  private void send(Socket socket, String path) throws Exception {
    String target = rest.url(path).replaceFirst("http://[^/]*", "");
    socket
        .getOutputStream()
        .write(("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aDelayedAnswerIsTheRightOne() {
    rest.put(value("k"), "v").result();
    server.faults().next(1, "GET", "/values/").areDelayed(Duration.ofMillis(20));

    long begin = System.nanoTime();
    assertThat(rest.get(value("k")).text()).isEqualTo("v");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(19));
  }

  @Test
  void aForgottenWriteSucceedsAndIsNotThere() {
    rest.put(value("k"), "old").result();
    server.faults().next(3, "*", "/values/|/bulk").areForgotten();

    rest.put(value("k"), "new").result();
    rest.put(namespace + "/bulk", "[{\"key\":\"b\",\"value\":\"v\"}]").result();
    rest.delete(value("k")).result();

    assertThat(rest.get(value("k")).text()).isEqualTo("old");
    assertThat(rest.get(value("b")).status()).isEqualTo(404);
  }

  @Test
  void scriptedKeysOfABulkWriteAreReportedAndLeft() {
    server.faults().next(1, "PUT", "/bulk").leaveUnsuccessful(key -> key.startsWith("b"));
    String body = "[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b1\",\"value\":\"2\"}]";

    assertThat(rest.put(namespace + "/bulk", body).result())
        .hasToString("{\"successful_key_count\":1,\"unsuccessful_keys\":[\"b1\"]}");
    assertThat(rest.get(value("b1")).status()).isEqualTo(404);

    assertThat(rest.put(namespace + "/bulk", body).result())
        .hasToString("{\"successful_key_count\":2,\"unsuccessful_keys\":[]}");
  }

  @Test
  void staleReadsSeeWhatWasThereBefore() {
    rest.put(value("k"), "1").result();
    server.faults().readsAreStale(Duration.ofSeconds(60));
    rest.put(value("k"), "2").result();
    rest.put(namespace + "/bulk", "[{\"key\":\"n\",\"value\":\"n\",\"metadata\":1}]").result();
    assertThat(rest.get(value("k")).text()).isEqualTo("1");
    assertThat(rest.get(value("n")).status()).isEqualTo(404);
    assertThat(rest.get(metadata("n")).status()).isEqualTo(404);
    assertThat(rest.post(namespace + "/bulk/get", "{\"keys\":[\"k\",\"n\"]}").result())
        .hasToString("{\"values\":{\"k\":\"1\",\"n\":null}}");

    clock.pass(Duration.ofSeconds(30));
    rest.delete(value("k")).result();
    assertThat(rest.get(value("k")).text()).isEqualTo("1");

    clock.pass(Duration.ofSeconds(30));
    assertThat(rest.get(value("k")).text()).isEqualTo("2");
    assertThat(rest.get(metadata("n")).result().asInt()).isEqualTo(1);

    clock.pass(Duration.ofSeconds(30));
    assertThat(rest.get(value("k")).status()).isEqualTo(404);
  }

  @Test
  void clearingEndsEveryFault() {
    rest.put(value("k"), "1").result();
    server.faults().readsAreStale(Duration.ofSeconds(60));
    server.faults().next(9, "*", "").answers(500);
    server.faults().clear();
    rest.put(value("k"), "2").result();

    assertThat(rest.get(value("k")).text()).isEqualTo("2");
  }
}
