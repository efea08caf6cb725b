package dev.satchel.demo;

import static io.vertx.core.Future.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.demo.DemoServer.Bounds;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Vertx;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Browsers that ask for the largest asset and take their time, over real sockets. */
@Timeout(120)
final class SlowClientsTest {
  private static final int ASSET_BYTES = 26_214_400;
  private static final int DEADLINE_SECONDS = 20;
  private static final Bounds BOUNDS = Bounds.DEFAULT;

  private final ShelfKv kv = new ShelfKv();
  private final Vertx vertx = Vertx.vertx();
  private final ConfigClient client;

  SlowClientsTest() throws Exception {
    kv.publish(7, Map.of("alice", true));
    kv.put("assets/large.bin", new byte[ASSET_BYTES]);
    client = ConfigClient.openBlocking(kv.source(), ConfigClientOptions.defaults());
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    await(vertx.close());
  }

  private DemoServer startWith(Bounds bounds) throws Exception {
    return await(
        DemoServer.start(
            vertx, client, kv, new DemoOptions("127.0.0.1", 0), InstantSource.system(), bounds));
  }

  /** One that has asked, and of whose answer only the kernel's few MiB can be on the way. */
  private static Socket asking(DemoServer server) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    socket.setSoTimeout(DEADLINE_SECONDS * 1_000);
    socket
        .getOutputStream()
        .write(
            "GET /assets/large.bin HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
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
    while (all < ASSET_BYTES && System.nanoTime() < deadline) {
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
    return all < ASSET_BYTES ? Long.MAX_VALUE : all;
  }

  @Test
  void aBrowserThatReadsNothingIsDroppedAndGivesItsPlaceToAnother() throws Exception {
    DemoServer server =
        startWith(new Bounds(1, BOUNDS.forRequest(), BOUNDS.forAnswer(), Duration.ofSeconds(1)));
    try (var slow = asking(server)) {
      assertThat(slow.getInputStream().read()).isEqualTo('H');
      assertThat(isAnotherServed(server, () -> {})).isTrue();
      assertThat(read(slow, 65_536, 0)).isLessThan(ASSET_BYTES);
    }
    await(server.close());
  }

  /** What a slow one does while it waits. */
  private interface Meanwhile {
    void go() throws IOException;
  }

  /** Where only one may be connected, whether there is room for another before the deadline. */
  private static boolean isAnotherServed(DemoServer server, Meanwhile meanwhile) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (System.nanoTime() < deadline) {
      try (var other = asking(server)) {
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
  void aBrowserThatSendsOnAndReadsNothingIsDroppedToo() throws Exception {
    DemoServer server =
        startWith(new Bounds(1, BOUNDS.forRequest(), Duration.ofSeconds(1), BOUNDS.idle()));
    try (var slow = asking(server)) {
      assertThat(slow.getInputStream().read()).isEqualTo('H');
      assertThat(isAnotherServed(server, () -> sendOn(slow))).isTrue();
    }
    await(server.close());
  }

  private static void sendOn(Socket slow) {
    try {
      slow.getOutputStream().write('x');
    } catch (IOException dropped) {
      // as it should be, and told by who is served then
    }
  }

  @Test
  void aBrowserThatDripsItsReadingIsDroppedHoweverSteadyItIs() throws Exception {
    DemoServer server =
        startWith(new Bounds(10, BOUNDS.forRequest(), Duration.ofSeconds(1), BOUNDS.idle()));
    try (var slow = asking(server)) {
      assertThat(read(slow, 65_536, 20)).isLessThan(ASSET_BYTES);
    }
    await(server.close());
  }

  @Test
  void aBrowserThatTakesLongerThanItMayBeSilentGetsAllOfIt() throws Exception {
    DemoServer server =
        startWith(new Bounds(10, Duration.ofSeconds(1), BOUNDS.forAnswer(), Duration.ofSeconds(1)));
    try (var slow = asking(server)) {
      long began = System.nanoTime();

      assertThat(read(slow, 262_144, 30)).isGreaterThanOrEqualTo(ASSET_BYTES);

      assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.SECONDS.toNanos(2));
    }
    await(server.close());
  }

  @Test
  void assetsThatNobodyReadsTakeLittleOutsideTheHeap() throws Exception {
    DemoServer server = startWith(BOUNDS);
    long before = directBytes();
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        slow.add(asking(server));
        assertThat(slow.get(i).getInputStream().read()).isEqualTo('H');
      }

      assertThat(directBytes() - before).isLessThan(ASSET_BYTES);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
    await(server.close());
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
}
