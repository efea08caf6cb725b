package dev.satchel.publisher.http;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.publisher.kv.KvTraffic;
import dev.satchel.publisher.run.Ledger;
import dev.satchel.publisher.run.Run;
import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.publisher.store.PairCounts;
import dev.satchel.publisher.store.PublishedKey;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.store.SnapshotFeed;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.publisher.store.UserHistory;
import dev.satchel.snapshot.Snapshot;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the port does with peers that take their time or are too many, over real sockets. */
@Timeout(60)
class HttpPortBoundsTest {
  private static final int DEADLINE_SECONDS = 20;
  private static final Map<String, String> NOWHERE =
      Map.of(
          "CLOUDFLARE_API_BASE_URL", "http://127.0.0.1:1",
          "CLOUDFLARE_ACCOUNT_ID", "account",
          "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "namespace",
          "CLOUDFLARE_API_TOKEN", "token");

  private final Vertx vertx = Vertx.vertx();
  private final Ledger ledger = new Ledger(Instant.now());

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  /** A publisher that has published nothing. */
  private static final class NothingPublished implements Service {
    @Override
    public Future<List<HistoryEntry>> history() {
      return Future.succeededFuture(List.of());
    }

    @Override
    public Future<Snapshot> snapshot(long revision) {
      return Future.failedFuture("expected a revision but nothing is published");
    }

    @Override
    public Future<Void> look(UserHistory user, HistoryEntry entry) {
      return Future.failedFuture("expected a revision but nothing is published");
    }

    @Override
    public Future<Void> rollback(long revision, long inUse, String why) {
      return Future.failedFuture("expected a revision but nothing is published");
    }

    @Override
    public Future<Void> resume() {
      return Future.succeededFuture();
    }

    @Override
    public KvTraffic traffic() {
      return new KvTraffic(Map.of(), 0, 0, 0);
    }

    @Override
    public void followRequests(Consumer<Duration> follower) {}
  }

  /** The number of a port where {@code satchel run} would listen unless told otherwise. */
  private int open(HttpPort.Bounds bounds) throws Exception {
    return number(listen(bounds));
  }

  private HttpPort listen(HttpPort.Bounds bounds) throws Exception {
    return listen(bounds, nothingPublished(), null);
  }

  private HttpPort listen(HttpPort.Bounds bounds, SnapshotFeed feed, @Nullable String token)
      throws Exception {
    return await(
        HttpPort.open(
            vertx,
            new HttpSettings(HttpSettings.DEFAULT_HOST, 0, "an-operators-token", token),
            new Subject(
                new About("a key", "a database", "each minute"),
                ledger,
                new NothingPublished(),
                good -> good.plusSeconds(60),
                KvLimits.MAX_VALUE_BYTES,
                feed,
                InstantSource.system()),
            bounds));
  }

  private SnapshotFeed nothingPublished() {
    var kv = CloudflareKv.create(vertx, CloudflareSettings.fromEnv(NOWHERE));
    var key = new PublishedKey(kv, "a-key", InstantSource.system());
    return new SnapshotFeed(vertx, key, new Seal(null, List.of(), "a-key"), InstantSource.system());
  }

  private static int number(HttpPort port) {
    return URI.create(port.url()).getPort();
  }

  private static Socket connected(int port) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(DEADLINE_SECONDS * 1_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a byte each tenth of a second: far within what is idle. */
  private static boolean isDroppedWhileItDrips(Socket socket) throws IOException {
    socket.setSoTimeout(100);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (System.nanoTime() < deadline) {
      try {
        write(socket, "x");
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
  void aSenderThatDripsItsHeadersIsDropped() throws Exception {
    int port = open(new HttpPort.Bounds(10, Duration.ofSeconds(1)));
    try (var socket = connected(port)) {
      write(socket, "GET / HTTP/1.1\r\nX: ");

      assertThat(isDroppedWhileItDrips(socket)).isTrue();
    }
  }

  @Test
  void aSenderThatDripsItsFormIsDropped() throws Exception {
    int port = open(new HttpPort.Bounds(10, Duration.ofSeconds(1)));
    try (var socket = connected(port)) {
      write(
          socket,
          """
          POST /resume HTTP/1.1
          Host: localhost:%d
          Content-Type: application/x-www-form-urlencoded
          Content-Length: 4000

          token="""
              .formatted(port)
              .replace("\n", "\r\n"));

      assertThat(isDroppedWhileItDrips(socket)).isTrue();
    }
  }

  @Test
  void readersThatDripOrSendOnAndTakeNothingAreDropped() throws Exception {
    int port = open(new HttpPort.Bounds(2, Duration.ofSeconds(1)));
    fillThePage();
    String request = "GET / HTTP/1.1\r\nHost: localhost:%d\r\n\r\n".formatted(port);
    try (var silent = connected(port);
        var dripping = connected(port)) {
      for (var socket : List.of(silent, dripping)) {
        write(socket, request);
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
      assertThat(bytesInDrips(dripping, silent)).isLessThan(30 << 20);
      // one that stayed would leave no room for two others
      until("two others are served at the same time", () -> servesTwo(port));
    }
  }

  /** Opens two connections before it asks on either. */
  private static boolean servesTwo(int port) throws IOException {
    try (var first = connected(port);
        var second = connected(port)) {
      return isServed(first) && isServed(second);
    } catch (SocketException dropped) {
      return false;
    }
  }

  private static boolean isServed(Socket socket) throws IOException {
    write(socket, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .contains("200 OK");
  }

  /** With far more than the kernel takes. */
  private void fillThePage() {
    for (int i = 0; i < 30; i++) {
      ledger.ended(
          new Run(
              Instant.now(),
              Run.Trigger.SCHEDULE,
              Run.Outcome.FAILED,
              Map.of(),
              0,
              0,
              0,
              0,
              PairCounts.NONE,
              "x".repeat(1 << 20)));
    }
  }

  @Test
  void readersOfSnapshotsThatTakeNothingKeepLittleInMemoryAndAreDropped() throws Exception {
    SnapshotFeed feed = nothingPublished();
    String token = "a-token-of-readers";
    int port = number(listen(new HttpPort.Bounds(200, Duration.ofSeconds(2)), feed, token));
    int bytes = 20 << 20; // far more than the kernel takes
    feed.published(metadata(bytes), Buffer.buffer(new byte[bytes]), Optional.empty());
    String request =
        "GET /snapshots/a-key HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n";
    long before = PlatformDependent.usedDirectMemory();
    List<Socket> silent = new ArrayList<>();
    for (int i = 0; i < SnapshotReaders.Limits.DEFAULT.transfers(); i++) {
      silent.add(connected(port));
      write(silent.get(i), request);
      assertThat(silent.get(i).getInputStream().read()).isEqualTo('H');
    }
    assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(64 << 20);

    try (var other = connected(port)) { // which has its turn when those are dropped
      assertThat(isServed(other)).isTrue();
    }
    until("a whole value", () -> read(port, request) > bytes);
    for (Socket socket : silent) {
      socket.close();
    }
  }

  private static long read(int port, String request) {
    try (var socket = connected(port)) {
      write(socket, request);
      return socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException dropped) {
      return 0;
    }
  }

  private static SnapshotMetadata metadata(int bytes) {
    Instant now = Instant.now();
    String digest = "0".repeat(64);
    return new SnapshotMetadata(
        now.toEpochMilli(), digest, digest, 1, bytes, now, 1, null, null, 0, null, null, null);
  }

  @Test
  void aReaderThatTakesNothingDoesNotKeepThePortFromClosing() throws Exception {
    HttpPort port = listen(HttpPort.Bounds.DEFAULT);
    fillThePage();
    try (var silent = connected(number(port))) {
      write(silent, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(silent.getInputStream().read()).isEqualTo('H');

      await(port.close());
    }
  }

  private static long bytesInDrips(Socket socket, Socket sending) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    long all = 0;
    while (System.nanoTime() < deadline) {
      try {
        int count = socket.getInputStream().read(new byte[4_096]);
        if (count < 0) {
          return all;
        }
        all += count;
      } catch (SocketException dropped) {
        return all;
      }
      try {
        write(sending, "x"); // whoever sends is not idle
      } catch (SocketException dropped) {
        // and the other may be dropped later
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5)); // a reader that is slow
    }
    throw new AssertionError(
        "expected to be dropped but read " + all + " bytes until the deadline");
  }

  @Test
  void connectionsBeyondTheBoundAreClosedAndTheOthersServed() throws Exception {
    int port = open(new HttpPort.Bounds(2, Duration.ofMinutes(1)));
    try (var first = connected(port);
        var second = connected(port)) {
      write(first, "GET /health/live HT");
      write(second, "GET /health/live HT");
      try (var third = connected(port)) {
        assertThat(third.getInputStream().read()).isEqualTo(-1);
      }
      for (var socket : List.of(first, second)) {
        write(socket, "TP/1.1\r\nHost: x\r\n\r\n");
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .contains("200 OK");
      }
    }
  }

  @Test
  void nothingListensBeyondLoopbackUnlessTold() throws Exception {
    int port = open(HttpPort.Bounds.DEFAULT);

    // 127.0.0.2 is loopback too, so that only a server on every address would answer there
    assertThatThrownBy(() -> new Socket("127.0.0.2", port).close())
        .isInstanceOf(SocketException.class);
  }
}
