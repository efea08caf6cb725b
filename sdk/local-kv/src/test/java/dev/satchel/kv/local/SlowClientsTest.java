package dev.satchel.kv.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.local.LocalKvServer.Bounds;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that ask for the largest value and take their time, over real sockets. */
class SlowClientsTest extends ServerTest {
  private static final int VALUE_BYTES = Limits.VALUE_BYTES;
  private static final int DEADLINE_SECONDS = 20;
  private static final Bounds BOUNDS = Bounds.DEFAULT;

  @BeforeEach
  void putTheLargest() {
    rest.put(value("large"), new byte[VALUE_BYTES]).result();
  }

  private void restart(LocalKvOptions options, Bounds bounds) throws TimeoutException {
    server.close().await(30, TimeUnit.SECONDS);
    server = LocalKvServer.start(vertx, options, bounds).await(30, TimeUnit.SECONDS);
    rest = new Rest(server);
  }

  /** One that has asked, and of whose answer only the kernel's few MiB can be on the way. */
  private Socket asking() throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    socket.setSoTimeout(DEADLINE_SECONDS * 1_000);
    String target = rest.url(value("large")).replaceFirst("http://[^/]*", "");
    socket
        .getOutputStream()
        .write(("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  /** Sleeps: that a client takes its time is what these tests are about. */
  private static void pause(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }

  /** How much comes, a piece at a time, until the connection ends or the deadline is there. */
  private static long read(Socket socket, int piece, long pauseMillis) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    InputStream in = socket.getInputStream();
    long all = 0;
    while (all < VALUE_BYTES && System.nanoTime() < deadline) {
      try {
        int count = in.readNBytes(piece).length;
        all += count;
        if (count < piece) {
          return all;
        }
      } catch (SocketException dropped) {
        return all;
      }
      pause(pauseMillis);
    }
    return all < VALUE_BYTES ? Long.MAX_VALUE : all;
  }

  @Test
  void aClientThatReadsNothingIsDroppedAndGivesItsPlaceToAnother() throws Exception {
    restart(options().withIdleTimeout(Duration.ofSeconds(1)), with(1, BOUNDS.forAnswer()));
    try (var slow = asking()) {
      assertThat(slow.getInputStream().read()).isEqualTo('H');
      assertThat(isAnotherServed(() -> {})).isTrue();
      assertThat(read(slow, 65_536, 0)).isLessThan(VALUE_BYTES);
    }
  }

  /** What a slow one does while it waits. */
  private interface Meanwhile {
    void go() throws IOException;
  }

  /** Where only one may be connected, whether there is room for another before the deadline. */
  private boolean isAnotherServed(Meanwhile meanwhile) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (System.nanoTime() < deadline) {
      try (var other = asking()) {
        if (other.getInputStream().read() == 'H') {
          return true;
        }
      } catch (SocketException refused) {
        pause(50);
      }
      meanwhile.go();
    }
    return false;
  }

  @Test
  void aClientThatSendsOnAndReadsNothingIsDroppedToo() throws Exception {
    restart(options(), with(1, Duration.ofSeconds(1)));
    try (var slow = asking()) {
      assertThat(slow.getInputStream().read()).isEqualTo('H');
      assertThat(isAnotherServed(() -> sendOn(slow))).isTrue();
    }
  }

  private static void sendOn(Socket slow) {
    try {
      slow.getOutputStream().write('x');
    } catch (IOException dropped) {
      // as it should be, and told by who is served then
    }
  }

  @Test
  void aClientThatDripsItsReadingIsDroppedHoweverSteadyItIs() throws Exception {
    restart(options(), with(BOUNDS.connections(), Duration.ofSeconds(1)));
    try (var slow = asking()) {
      assertThat(read(slow, 65_536, 20)).isLessThan(VALUE_BYTES);
    }
  }

  @Test
  void aClientThatTakesLongerThanItMayBeSilentGetsAllOfIt() throws Exception {
    restart(options().withIdleTimeout(Duration.ofSeconds(1)), BOUNDS);
    try (var slow = asking()) {
      long began = System.nanoTime();

      assertThat(read(slow, 262_144, 30)).isGreaterThanOrEqualTo(VALUE_BYTES);

      assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.SECONDS.toNanos(2));
    }
  }

  @Test
  void valuesThatNobodyReadsTakeLittleOutsideTheHeapAndOnlySoManyInside() throws Exception {
    restart(options(), new Bounds(100, BOUNDS.forAnswer(), 4L * VALUE_BYTES));
    long before = directBytes();
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        slow.add(asking());
        assertThat(slow.get(i).getInputStream().read()).isEqualTo('H');
      }
      assertThat(directBytes() - before).isLessThan(VALUE_BYTES);

      Rest.Reply refused = rest.get(value("large"));
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).isEqualTo("1");
      assertThat(rest.get(namespace + "/keys").status()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    int status = 503;
    while (status == 503 && System.nanoTime() < deadline) {
      status = rest.get(value("large")).status();
    }
    assertThat(status).isEqualTo(200);
  }

  private static Bounds with(int connections, Duration forAnswer) {
    return new Bounds(connections, forAnswer, BOUNDS.unreadBytes());
  }

  /** Netty's own memory is in the JVM's figure or beside it, as the JVM lets it. */
  private static long directBytes() {
    long all = Math.max(0, PlatformDependent.usedDirectMemory());
    for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) {
        all += pool.getMemoryUsed();
      }
    }
    return all;
  }

  @Test
  void connectionsBeyondTheBoundAreClosedAndTheOthersServed() throws Exception {
    restart(options(), with(2, BOUNDS.forAnswer()));
    var loopback = InetAddress.getLoopbackAddress();
    byte[] request = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8);
    try (var first = new Socket(loopback, server.port());
        var second = new Socket(loopback, server.port())) {
      // an answer on both shows that both are counted
      for (var socket : List.of(first, second)) {
        socket.setSoTimeout(DEADLINE_SECONDS * 1_000);
        socket.getOutputStream().write(request);
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
      try (var third = new Socket(loopback, server.port())) {
        third.setSoTimeout(DEADLINE_SECONDS * 1_000);
        assertThat(third.getInputStream().read()).isEqualTo(-1);
      }
      second
          .getOutputStream()
          .write(
              "GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.UTF_8));
      assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("HTTP/1.1 404 ");
    }
  }
}
