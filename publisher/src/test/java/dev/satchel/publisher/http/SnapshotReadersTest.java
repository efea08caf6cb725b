package dev.satchel.publisher.http;

import static dev.satchel.publisher.Waiting.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.Digests;
import dev.satchel.publisher.Workbench;
import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.source.HttpSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What applications get from the port of a publisher at work, over real sockets. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnapshotReadersTest {
  private static final String TOKEN = "the-readers-marked-token";
  private static final String PATH = "/snapshots/user-configs";
  private static final int DEADLINE_SECONDS = 20;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Workbench bench;
  private OperatedPublisher publisher;
  private URI address;
  private int users;

  SnapshotReadersTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
  }

  @BeforeAll
  void start() throws Exception {
    bench.sql(
        "INSERT INTO %s SELECT 'user' || g, g %% 2 = 0, md5(g::text) FROM generate_series(1, 3000) g");
    publisher = new OperatedPublisher(bench, Map.of("SATCHEL_SNAPSHOTS_TOKEN", TOKEN));
    address = URI.create(publisher.port.url()).resolve(PATH);
  }

  @AfterAll
  void close() {
    publisher.close();
    bench.close();
  }

  private HttpRequest.Builder request(URI at) {
    return HttpRequest.newBuilder(at).header("Authorization", "Bearer " + TOKEN);
  }

  private HttpResponse<byte[]> ask(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private CompletableFuture<HttpResponse<byte[]>> waiting(String etag, int seconds) {
    return http.sendAsync(
        request(address)
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .header("If-None-Match", etag)
            .header("Prefer", "wait=" + seconds)
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> get(CompletableFuture<HttpResponse<byte[]>> answer)
      throws Exception {
    return answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private String etag() throws Exception {
    return header(ask(request(address)), "etag");
  }

  private void untilWaiting(int count) {
    until(
        count + " requests wait",
        () -> metric("satchel_publisher_snapshots_waiting ").equals(count + ".0"));
  }

  private String metric(String start) {
    try {
      return publisher
          .http
          .get("/metrics")
          .body()
          .lines()
          .filter(line -> line.startsWith(start))
          .map(line -> line.substring(start.length()))
          .findFirst()
          .orElse("none");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void publishOneMore() throws Exception {
    bench.sql("INSERT INTO %s VALUES ('more{}', true, 'pro')".replace("{}", "" + users++));
    publisher.run();
  }

  @Test
  void itServesWhatLiesInKvUnderTheNamesThatAClientReads() throws Exception {
    HttpResponse<byte[]> whole = ask(request(address));
    String sha256 = Digests.sha256(bench.value("user-configs").getBytes());

    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(Digests.sha256(whole.body())).isEqualTo(sha256);
    assertThat(header(whole, "etag")).isEqualTo('"' + sha256 + '"');
    assertThat(header(whole, "satchel-sha-256")).isEqualTo(sha256);
    assertThat(header(whole, "satchel-revision"))
        .isEqualTo(Long.toString(bench.published().revision()));
    assertThat(header(whole, "satchel-published-at"))
        .isEqualTo(bench.published().publishedAt().toString());
    assertThat(header(whole, "cache-control")).isEqualTo("private, no-cache, no-transform");

    var head = ask(request(address).method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValueAsLong("content-length")).hasValue(whole.body().length);
    var known = ask(request(address).header("If-None-Match", "\"x\", W/\"" + sha256 + '"'));
    assertThat(known.statusCode()).isEqualTo(304);
    assertThat(known.body()).isEmpty();
  }

  @Test
  void withoutTheTokenNobodyLearnsAnythingNotEvenWhichKeysThereAre() throws Exception {
    for (String path : new String[] {PATH, "/snapshots/other", PATH + "@1.patch"}) {
      for (String token :
          new String[] {
            "", "Bearer wrong", "Basic " + TOKEN, "Bearer " + OperatedPublisher.TOKEN
          }) {
        var request = HttpRequest.newBuilder(address.resolve(path));
        if (!token.isEmpty()) {
          request.header("Authorization", token);
        }
        HttpResponse<byte[]> answer = ask(request);
        assertThat(answer.statusCode()).as(path + token).isEqualTo(401);
        assertThat(header(answer, "www-authenticate")).isEqualTo("Bearer");
        assertThat(answer.headers().map()).doesNotContainKeys("etag", "satchel-revision");
      }
    }
  }

  @Test
  void otherKeysCopiesAndMethodsAreRefusedInTheWordsOfHttp() throws Exception {
    long revision = bench.published().revision();
    for (String path :
        new String[] {
          "/snapshots/", "/snapshots/other", PATH + "@" + revision, PATH + "@1.patch", PATH + "/"
        }) {
      assertThat(ask(request(address.resolve(path))).statusCode()).as(path).isEqualTo(404);
    }
    assertThat(ask(request(address.resolve("/snapshots/user%2Dconfigs"))).statusCode())
        .isEqualTo(200);
    assertThat(ask(request(address).DELETE()).statusCode()).isEqualTo(405);
    assertThat(
            publisher
                .http
                .send(
                    "GET /snapshots/%zz HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + TOKEN
                        + "\r\n\r\n")
                .status())
        .isEqualTo(400);
  }

  @Test
  void theCheckOfAnAddressFindsNothingWrongWithThisOne() throws Exception {
    publishOneMore(); // so that there is a patch
    var satchel = bench.satchel().and("SATCHEL_SOURCE_TOKEN", TOKEN);

    assertThat(satchel.run("check-source", address.toString())).describedAs(satchel.out()).isZero();

    assertThat(satchel.out())
        .contains(" 0 failed, 0 warnings", "patch: ", "it waits")
        .doesNotContain(TOKEN);
  }

  @Test
  void requestsThatWaitAreAnsweredWhenThereIsSomethingElse() throws Exception {
    String before = etag();
    var first = waiting(before, 30);
    var second = waiting("\"x\", " + before, 30);
    untilWaiting(2);

    publishOneMore();

    for (var answer : List.of(get(first), get(second))) {
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(header(answer, "preference-applied")).isEqualTo("wait=30");
      assertThat(header(answer, "satchel-revision"))
          .isEqualTo(Long.toString(bench.published().revision()));
      assertThat(header(answer, "satchel-patch")).startsWith("from=");
    }
  }

  @Test
  void aRequestThatHasWaitedLearnsThatNothingChangedAndOneWithOldNewsNeedNotWait()
      throws Exception {
    var unchanged = get(waiting(etag(), 1));
    var old = get(waiting("\"old\"", 30));

    assertThat(unchanged.statusCode()).isEqualTo(304);
    assertThat(header(unchanged, "preference-applied")).isEqualTo("wait=1");
    assertThat(old.statusCode()).isEqualTo(200);
    assertThat(header(old, "preference-applied")).isEqualTo("wait=30");
  }

  @Test
  void aReaderThatHangsUpIsForgotten() throws Exception {
    String etag = etag();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
      socket
          .getOutputStream()
          .write(
              "HEAD %s HTTP/1.1\r\nHost: x\r\nAuthorization: bearer %s\r\nIf-None-Match: %s\r\nPrefer: wait=40\r\n\r\n"
                  .formatted(PATH, TOKEN, etag)
                  .getBytes(UTF_8));
      untilWaiting(1);
    }

    untilWaiting(0);
  }

  @Test
  void clientsHaveAChangeByAPatchBeforeTheyPoll() throws Exception {
    var clients = new ArrayList<ConfigClient>();
    for (int i = 0; i < 5; i++) {
      clients.add(client());
    }
    untilWaiting(5);
    bench.sql("UPDATE %s SET preview = true WHERE id = 'user1'");

    publisher.run();

    until(
        "all have it",
        () -> clients.stream().allMatch(c -> c.getBoolean("user1", "preview", false)));
    for (ConfigClient client : clients) {
      assertThat(client.status().fetched()).isEqualTo(ClientStatus.Fetched.PATCH);
      client.close();
    }
    untilWaiting(0);
  }

  private ConfigClient client() {
    return ConfigClient.openBlocking(
        HttpSource.of(address, Map.of("Authorization", "Bearer " + TOKEN))
            .waiting(Duration.ofSeconds(30)),
        ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).build());
  }

  @Test
  void readersHaveARollbackThatAnotherProcessMade() throws Exception {
    publishOneMore();
    long good = bench.published().revision();
    publishOneMore();
    String etag = etag();
    var waiting = waiting(etag, 40);
    untilWaiting(1);

    assertThat(bench.satchel().run("rollback", Long.toString(good), "--settle", "0")).isZero();
    long held = bench.published().revision();
    publishOneMore(); // which the hold prevents

    assertThat(header(get(waiting), "satchel-revision")).isEqualTo(Long.toString(held));
    assertThat(header(ask(request(address)), "satchel-revision")).isEqualTo(Long.toString(held));
    assertThat(bench.satchel().run("resume")).isZero();
  }

  @Test
  void aReaderThatAnotherPublisherHasToldIsNotSentBackToTheRevisionBefore() throws Exception {
    assertThat(bench.satchel().run("publish", "--exclude", "plan", "--accept-change")).isZero();
    String sha256 = Digests.sha256(bench.value("user-configs").getBytes());
    assertThat(etag()).isNotEqualTo('"' + sha256 + '"');

    var known = ask(request(address).header("If-None-Match", '"' + sha256 + '"'));

    publisher.run();
    assertThat(known.statusCode()).isEqualTo(304);
  }

  @Test
  void whileKvTakesNothingReadersKeepTheLastRevisionThatItTookAndThenHaveTheNext()
      throws Exception {
    String etag = etag();
    bench.faults().next(Integer.MAX_VALUE, "PUT", ".*").answers(403);
    publishOneMore();

    assertThat(etag()).isEqualTo(etag);
    var waiting = waiting(etag, 40);
    untilWaiting(1);
    bench.faults().clear();
    publisher.run();

    assertThat(get(waiting).statusCode()).isEqualTo(200);
  }

  @Test
  void readersThatTakeNothingLeaveRoomForOthers() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        var socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(
            new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()));
        socket
            .getOutputStream()
            .write(
                "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                    .formatted(PATH, TOKEN)
                    .getBytes(UTF_8));
        silent.add(socket);
      }
      assertThat(etag()).isNotEmpty();
      assertThat(publisher.http.get("/health/live").status()).isEqualTo(200);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void theEndOfTheProcessAnswersWhatWaits(@TempDir Path folder) throws Exception {
    var more = new HashMap<String, String>();
    more.put("SATCHEL_SNAPSHOTS_TOKEN", TOKEN);
    try (var other = Workbench.in(folder);
        var ending = new OperatedPublisher(other, more)) {
      URI there = URI.create(ending.port.url()).resolve(PATH);
      String etag = header(ask(request(there)), "etag");
      var socket = new Socket(InetAddress.getLoopbackAddress(), there.getPort());
      socket
          .getOutputStream()
          .write(
              "HEAD %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nIf-None-Match: %s\r\nPrefer: wait=40\r\n\r\n"
                  .formatted(PATH, TOKEN, etag)
                  .getBytes(UTF_8));
      until(
          "it waits",
          () -> {
            try {
              return ending.http.get("/metrics").body().contains("snapshots_waiting 1.0");
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });

      ending.closePort();

      try (InputStream in = socket.getInputStream()) {
        String answer = new String(in.readAllBytes(), UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 304 ").doesNotContain("preference-applied");
      }
      socket.close();
    }
  }
}
