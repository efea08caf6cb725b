package dev.satchel.kv.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rows of the contract's second table: what is refused, and what just is not. */
class LocalKvLimitsTest extends ServerTest {
  private static final int MAX_VALUE_BYTES = 26_214_400;

  @Test
  void aValueOf25MibIsStoredAndOneByteMoreIsRefused() {
    var most = new byte[MAX_VALUE_BYTES];
    for (int i = 0; i < most.length; i++) {
      most[i] = (byte) ((i * 31) >> 3);
    }
    byte[] tooMuch = Arrays.copyOf(most, most.length + 1);

    rest.put(value("sized"), most).result();
    assertThat(Arrays.equals(rest.get(value("sized")).bytes(), most)).isTrue();
    assertThat(rest.put(value("sized+1"), tooMuch).refusal()).startsWith("413/");

    // a stream has no Content-Length
    rest.send("PUT", value("chunked"), stream(most)).result();
    assertThat(Arrays.equals(rest.get(value("chunked")).bytes(), most)).isTrue();
    assertThat(rest.send("PUT", value("chunked+1"), stream(tooMuch)).refusal()).startsWith("413/");

    // the limit is on the value, not on the multipart body
    assertThat(multipart("parts", most).status()).isEqualTo(200);
    assertThat(Arrays.equals(rest.get(value("parts")).bytes(), most)).isTrue();
    assertThat(multipart("parts+1", tooMuch).refusal()).startsWith("413/");

    assertThat(bulk("bulk", most).status()).isEqualTo(200);
    assertThat(Arrays.equals(rest.get(value("bulk")).bytes(), most)).isTrue();
    assertThat(bulk("bulk+1", tooMuch).refusal()).startsWith("413/");

    assertThat(rest.get(namespace + "/keys").result().findValuesAsText("name"))
        .containsExactly("bulk", "chunked", "parts", "sized");
  }

  private static BodyPublisher stream(byte[] bytes) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
  }

  private Rest.Reply multipart(String key, byte[] bytes) {
    byte[] body =
        new MultipartBody("b")
            .part("name=\"metadata\"", "{}")
            .part("name=\"value\"; filename=\"v\"", bytes)
            .end();
    return rest.send(
        "PUT",
        value(key),
        BodyPublishers.ofByteArray(body),
        "Content-Type",
        "multipart/form-data; boundary=b");
  }

  private Rest.Reply bulk(String key, byte[] bytes) {
    return rest.put(
        namespace + "/bulk",
        "[{\"key\":\"%s\",\"base64\":true,\"value\":\"%s\"}]"
            .formatted(key, Base64.getEncoder().encodeToString(bytes)));
  }

  @Test
  void aRequestOf100MbIsTakenAndOneByteMoreIsRefused() {
    byte[] pair = "[{\"key\":\"k\",\"value\":\"v\"}]".getBytes(StandardCharsets.UTF_8);

    assertThat(rest.send("PUT", namespace + "/bulk", padded(pair, 100_000_000)).status())
        .isEqualTo(200);
    assertThat(rest.send("PUT", namespace + "/bulk", padded(pair, 100_000_001)).refusal())
        .startsWith("413/");
  }

  /** JSON and as many spaces as make it so long, without holding them. */
  private static BodyPublisher padded(byte[] json, int length) {
    return BodyPublishers.ofInputStream(
        () ->
            new InputStream() {
              private int at;

              @Override
              public int read() {
                return at == length ? -1 : at < json.length ? json[at++] : spaced();
              }

              private int spaced() {
                at++;
                return ' ';
              }

              @Override
              public int read(byte[] target, int offset, int count) {
                if (at == length) {
                  return -1;
                }
                int some = Math.min(count, length - at);
                for (int i = 0; i < some; i++) {
                  target[offset + i] = (byte) read();
                }
                return some;
              }
            });
  }

  @Test
  void aKeyOf512BytesIsStoredAndOneByteMoreIsRefused() {
    String most = "é".repeat(256);

    rest.put(value(most), "v").result();
    assertThat(rest.get(value(most)).text()).isEqualTo("v");
    rest.put(namespace + "/bulk", "[{\"key\":\"" + most + "\",\"value\":\"w\"}]").result();
    assertThat(rest.get(value(most)).text()).isEqualTo("w");

    assertThat(rest.put(value(most + "x"), "v").refusal()).startsWith("414/");
    assertThat(rest.get(value(most + "x")).refusal()).startsWith("414/");
    assertThat(rest.delete(value("x".repeat(5_000))).refusal()).startsWith("414/");
    assertThat(
            rest.put(namespace + "/bulk", "[{\"key\":\"x" + most + "\",\"value\":\"\"}]").refusal())
        .startsWith("414/");
    assertThat(rest.post(namespace + "/bulk/delete", "[\"x" + most + "\"]").refusal())
        .startsWith("414/");
  }

  @Test
  void aKeyThatIsEmptyOrDotsIsRefused() throws IOException {
    for (String key : List.of("", ".", "..", "%2E", "%2e%2E", ".%2e")) {
      assertThat(raw("PUT", "/values/" + key)).as("<%s>", key).startsWith("HTTP/1.1 400 ");
      assertThat(raw("GET", "/values/" + key)).as("<%s>", key).startsWith("HTTP/1.1 400 ");
    }
    for (String key : List.of("%", "%2", "%zz", "%ff", "%c3%28", "a%00%")) {
      assertThat(raw("PUT", "/values/" + key)).as("<%s>", key).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void pathsThatClimbFindNothing() throws IOException {
    for (String path :
        List.of(
            "/values/../../../../../etc/passwd",
            "/values/..%2f..%2fetc%2fpasswd",
            "/../../../../../../etc/passwd",
            "/..%2f..%2flock/values/k",
            "/values/pairs-1.log")) {
      assertThat(raw("GET", path)).as(path).startsWith("HTTP/1.1 404 ");
    }
  }

  /** Sends a path as it stands, which clients with manners do not. */
  private String raw(String method, String path) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(30_000);
      String target = rest.url(namespace + path).replaceFirst("http://[^/]*", "");
      socket
          .getOutputStream()
          .write(
              (method
                      + " "
                      + target
                      + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
                      + "Connection: close\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void metadataOf1024BytesIsStoredAndOneByteMoreIsRefused() {
    // the quotes of a JSON string count
    String most = "\"" + "m".repeat(1_022) + "\"";
    String tooMuch = "\"" + "m".repeat(1_023) + "\"";

    rest.put(namespace + "/bulk", withMetadata(most)).result();
    assertThat(rest.get(metadata("k")).result().toString()).isEqualTo(most);
    assertThat(rest.put(namespace + "/bulk", withMetadata(tooMuch)).refusal()).startsWith("413/");

    assertThat(multipartMetadata(" " + most + " ").status()).isEqualTo(200);
    assertThat(multipartMetadata(tooMuch).refusal()).startsWith("413/");
    assertThat(multipartMetadata("{").refusal()).startsWith("400/");
    assertThat(multipartMetadata("").refusal()).startsWith("400/");
    assertThat(multipartMetadata("1 2").refusal()).startsWith("400/");
  }

  private static String withMetadata(String json) {
    return "[{\"key\":\"k\",\"value\":\"v\",\"metadata\":" + json + "}]";
  }

  private Rest.Reply multipartMetadata(String json) {
    byte[] body =
        new MultipartBody("b").part("name=\"metadata\"", json).part("name=\"value\"", "v").end();
    return rest.send(
        "PUT",
        value("k"),
        BodyPublishers.ofByteArray(body),
        "Content-Type",
        "multipart/form-data; boundary=b");
  }

  @Test
  void aLifeOf60SecondsIsTakenAndOneLessIsRefused() {
    long now = clock.instant().getEpochSecond();

    assertThat(rest.put(value("k") + "?expiration_ttl=60", "v").status()).isEqualTo(200);
    assertThat(rest.put(value("k") + "?expiration_ttl=59", "v").refusal()).isEqualTo("400/10034");
    assertThat(rest.put(value("k") + "?expiration_ttl=-1", "v").refusal()).isEqualTo("400/10034");
    assertThat(rest.put(value("k") + "?expiration=" + (now + 60), "v").status()).isEqualTo(200);
    assertThat(rest.put(value("k") + "?expiration=" + (now + 59), "v").refusal())
        .isEqualTo("400/10034");
    assertThat(rest.put(value("k") + "?expiration_ttl=1e3", "v").refusal()).startsWith("400/");
    assertThat(rest.put(value("k") + "?expiration_ttl=" + Long.MAX_VALUE, "v").refusal())
        .startsWith("400/");
  }

  @Test
  void aBulkOf10000KeysIsTakenAndOneMoreIsRefused() {
    String most = list(10_000, "{\"key\":\"%05d\",\"value\":\"v\"}");
    assertThat(rest.put(namespace + "/bulk", most).result().get("successful_key_count").asInt())
        .isEqualTo(10_000);
    assertThat(
            rest.put(namespace + "/bulk", list(10_001, "{\"key\":\"x%d\",\"value\":\"v\"}"))
                .refusal())
        .startsWith("400/");
    assertThat(rest.get(namespace + "/keys?prefix=x").result()).isEmpty();

    assertThat(rest.post(namespace + "/bulk/delete", list(10_001, "\"%05d\"")).refusal())
        .startsWith("400/");
    assertThat(rest.get(namespace + "/keys").result()).hasSize(1_000);
    rest.post(namespace + "/bulk/delete", list(10_000, "\"%05d\"")).result();
    assertThat(rest.get(namespace + "/keys").result()).isEmpty();
  }

  @Test
  void aBulkReadOf100KeysIsAnsweredAndOneMoreIsRefused() {
    assertThat(
            rest.post(namespace + "/bulk/get", "{\"keys\":" + list(100, "\"%d\"") + "}")
                .result()
                .get("values"))
        .hasSize(100);
    assertThat(
            rest.post(namespace + "/bulk/get", "{\"keys\":" + list(101, "\"%d\"") + "}").refusal())
        .isEqualTo("400/10029");
  }

  private static String list(int count, String format) {
    return IntStream.range(0, count)
        .mapToObj(format::formatted)
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void aListingHasALimitFrom10To1000() {
    rest.put(namespace + "/bulk", list(1_001, "{\"key\":\"%04d\",\"value\":\"\"}")).result();

    assertThat(rest.get(namespace + "/keys").result()).hasSize(1_000);
    assertThat(rest.get(namespace + "/keys?limit=10").result()).hasSize(10);
    assertThat(rest.get(namespace + "/keys?limit=1000").result()).hasSize(1_000);
    for (String query : List.of("limit=9", "limit=1001", "limit=x", "cursor=%21")) {
      assertThat(rest.get(namespace + "/keys?" + query).refusal()).as(query).startsWith("400/");
    }
  }

  @Test
  void aHeaderThatCannotHoldCredentialsIsRefusedWithItsReasonOneLevelDown()
      throws TimeoutException {
    restart(options().withToken(TOKEN));
    String path = namespace + "/keys";

    for (String bad : List.of(TOKEN, "Basic " + TOKEN, "Bearer ", "Bearer two words")) {
      Rest.Reply refused = get(path, "Authorization", bad);
      assertThat(refused.refusal()).as(bad).isEqualTo("400/6003");
      assertThat(refused.json().at("/errors/0/error_chain/0"))
          .hasToString("{\"code\":6111,\"message\":\"Invalid format for Authorization header\"}");
    }
    assertThat(
            get(path, "X-Auth-Email", "a@b.c", "X-Auth-Key", "two words")
                .json()
                .at("/errors/0/error_chain/0/code")
                .asInt())
        .isEqualTo(6103);
  }

  @Test
  void anIdThatNothingCanHaveIsRefusedAsUnroutable() {
    assertThat(rest.get("/a%20b/keys").refusal()).isEqualTo("400/7003");
    assertThat(rest.put("/a%2Fb/values/k", "v").refusal()).isEqualTo("400/7003");
    assertThat(new Rest(server, "a%20b").get("").refusal()).isEqualTo("400/7003");
    assertThat(rest.get("/unknown/keys").refusal()).isEqualTo("404/10013");
  }

  @Test
  void onlyTheRightCredentialsAreAcceptedWhereATokenIsSet() throws TimeoutException {
    restart(options().withToken(TOKEN));
    String path = namespace + "/keys";

    assertThat(rest.get(path).refusal()).isEqualTo("401/10000");
    assertThat(get(path, "Authorization", "Bearer other").refusal()).isEqualTo("403/10000");
    assertThat(get(path, "X-Auth-Key", TOKEN).refusal()).isEqualTo("401/10000");
    assertThat(get(path, "X-Auth-Email", "a@b.c", "X-Auth-Key", "x").refusal())
        .isEqualTo("403/10000");
    assertThat(get(path, "Authorization", "Bearer " + TOKEN).status()).isEqualTo(200);
    assertThat(get(path, "X-Auth-Email", "a@b.c", "X-Auth-Key", TOKEN).status()).isEqualTo(200);
    // with a body, which nobody without credentials makes us hold
    assertThat(rest.put(value("k"), new byte[1 << 20]).refusal()).isEqualTo("401/10000");
    assertThat(options().withToken(TOKEN).toString()).doesNotContain(TOKEN);
  }

  private Rest.Reply get(String path, String... headers) {
    return rest.send("GET", path, BodyPublishers.noBody(), headers);
  }

  @Test
  void aSecondWriteToAKeyWithinASecondIsRefusedWhereThatIsOn() throws TimeoutException {
    restart(options().withOneWritePerSecond());
    rest.put(value("k"), "1").result();

    Rest.Reply tooSoon = rest.put(value("k"), "2");
    assertThat(tooSoon.refusal()).startsWith("429/");
    assertThat(tooSoon.header("retry-after")).isEqualTo("1");
    assertThat(rest.put(value("other"), "1").status()).isEqualTo(200);
    assertThat(
            rest.put(
                    namespace + "/bulk",
                    "[{\"key\":\"k\",\"value\":\"3\"},{\"key\":\"new\",\"value\":\"3\"}]")
                .result())
        .hasToString("{\"successful_key_count\":1,\"unsuccessful_keys\":[\"k\"]}");
    assertThat(rest.get(value("k")).text()).isEqualTo("1");

    clock.pass(Duration.ofSeconds(1));
    rest.put(value("k"), "4").result();
  }

  @Test
  void beyondTheRateLimitEveryCallIsRefusedUntilTheWindowEnds() throws TimeoutException {
    restart(options().withRateLimit(new LocalKvOptions.RateLimit(3, Duration.ofMinutes(5))));
    for (int i = 0; i < 3; i++) {
      assertThat(rest.get(namespace + "/keys").status()).isEqualTo(200);
    }
    clock.pass(Duration.ofMillis(1_500));

    Rest.Reply refused = rest.get(namespace + "/keys");
    assertThat(refused.refusal()).isEqualTo("429/971");
    assertThat(refused.header("retry-after")).isEqualTo("299");
    assertThat(rest.put(value("k"), "v").refusal()).isEqualTo("429/971");

    clock.pass(Duration.ofSeconds(299));
    assertThat(rest.get(namespace + "/keys").status()).isEqualTo(200);
  }

  @Test
  void aConnectionThatFallsSilentIsDropped() throws Exception {
    restart(options().withIdleTimeout(Duration.ofSeconds(1)));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              ("PUT "
                      + rest.url(value("k")).replaceFirst("http://[^/]*", "")
                      + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
                  .getBytes(StandardCharsets.UTF_8));

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(rest.get(value("k")).status()).isEqualTo(404);
  }

  @Test
  void aSenderThatDripsItsHeadersIsDropped() throws Exception {
    restart(options().withIdleTimeout(Duration.ofSeconds(1)));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.UTF_8));

      assertThat(isDroppedWhileItDrips(socket)).isTrue();
    }
  }

  @Test
  void aSenderThatDripsItsSecondRequestIsDropped() throws Exception {
    restart(options().withIdleTimeout(Duration.ofSeconds(1)));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write("GET /x HTTP/1.1\r\nHost: x\r\n\r\nGET".getBytes(StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().read()).isEqualTo('H');

      assertThat(isDroppedWhileItDrips(socket)).isTrue();
    }
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
  void nothingListensBeyondTheAddressThatWasNamed() {
    // 127.0.0.2 is loopback too, so that only a server on every address would answer there
    assertThatThrownBy(() -> new Socket("127.0.0.2", server.port()).close())
        .isInstanceOf(SocketException.class);
  }

  @Test
  void headersBeyondReasonAreRefused() {
    try {
      assertThat(get(namespace + "/keys", "X-Long", "x".repeat(100_000)).status())
          .isGreaterThanOrEqualTo(400);
    } catch (UncheckedIOException e) {
      assertThat(e).as("or the connection is closed").isNotNull();
    }
    assertThat(rest.get(namespace + "/keys").status()).isEqualTo(200);
  }

  @Test
  void optionsThatCannotBeAreRefusedWhereTheyAreSet() {
    assertThatThrownBy(() -> options().withPort(65_536)).hasMessageContaining("65536");
    assertThatThrownBy(() -> options().withToken("")).hasMessageContaining("token");
    assertThatThrownBy(() -> options().withNamespace("a/b", "t")).hasMessageContaining("a/b");
    assertThatThrownBy(() -> options().withIdleTimeout(Duration.ZERO)).hasMessageContaining("PT0S");
    assertThatThrownBy(() -> new LocalKvOptions.RateLimit(0, Duration.ofSeconds(1)))
        .hasMessageContaining("found 0");
  }
}
