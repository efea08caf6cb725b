package dev.satchel.publisher.kv;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.Waiting.until;
import static dev.satchel.publisher.kv.Futures.kvFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.Backoff;
import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.Credentials;
import dev.satchel.kv.KvException;
import dev.satchel.publisher.kv.ScriptedServer.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client makes of refusals, broken connections and answers that are none. */
class CloudflareKvFaultTest extends ScriptedKv {
  private static final Answer VALUE = ScriptedServer.octets(Buffer.buffer("whole"));
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(20);

  static Stream<Arguments> passingFaults() {
    return Stream.of(
        Arguments.of("hang up", ScriptedServer.hangUp()),
        Arguments.of("garbage", ScriptedServer.bytesThenHangUp("\u0000\u0001garbage\r\n\r\n")),
        Arguments.of("half a head", ScriptedServer.bytesThenHangUp("HTTP/1.1 200 OK\r\nCont")),
        Arguments.of(
            "cut body",
            ScriptedServer.bytesThenHangUp("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nwho")),
        Arguments.of(
            "cut chunks",
            ScriptedServer.bytesThenHangUp(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nwho\r\n")),
        Arguments.of("408", ScriptedServer.error(408, 0, "timeout")),
        Arguments.of("429", ScriptedServer.error(429, 971, "rate limited")),
        Arguments.of("500", ScriptedServer.error(500, 0, "oops")),
        Arguments.of(
            "502 in html",
            ScriptedServer.status(502, "text/html", Buffer.buffer("<h1>bad gateway</h1>"))),
        Arguments.of("503", ScriptedServer.json(503, "")));
  }

  static Stream<Arguments> stalls() {
    return Stream.of(
        Arguments.of("before the head", ScriptedServer.silence()),
        Arguments.of("in the head", ScriptedServer.bytes("HTTP/1.1 200 OK\r\nCont")),
        Arguments.of(
            "in the body",
            ScriptedServer.bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nwho")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stalls")
  void triesAgainWhenTheStoreStalls(String name, Answer stall) {
    patience(10, SHORT); // many, since a busy machine may miss the short timeout with a good answer
    server.script(stall, VALUE);

    assertThat(await(kv.value("k"))).as(name).contains(Buffer.buffer("whole"));

    assertThat(server.requests()).hasSizeGreaterThan(1);
    assertThat(kv.traffic().retries()).isPositive();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stalls")
  void failsWhenTheStoreGoesOnStalling(String name, Answer stall) {
    patience(2, SHORT);
    server.script(stall);

    var failure = kvFailureOf(kv.value("k"));

    assertThat(failure).as(name).hasMessageContaining("no whole answer after ");
    assertThat(failure.status()).isEqualTo(KvException.NO_STATUS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("passingFaults")
  void triesAgainAfterAFaultThatMayPass(String name, Answer fault) {
    patience(2, LONG);
    server.script(fault, VALUE);

    assertThat(await(kv.value("k"))).as(name).contains(Buffer.buffer("whole"));

    assertThat(server.requests()).hasSize(2);
    assertThat(kv.traffic().retries()).isEqualTo(1);
    assertThat(kv.traffic().requests()).isEqualTo(2);
    assertThat(logLines())
        .singleElement()
        .asString()
        .startsWith("retry 1 of 1 in 2 ms: GET /values/k: ");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("passingFaults")
  void sendsAWholeValueAgainAfterAFaultThatMayPass(String name, Answer fault) {
    patience(2, LONG);
    server.script(fault, ScriptedServer.success("{}"));
    var value = Buffer.buffer("v".repeat(150_000));

    await(kv.put("k", value, null, null));

    assertThat(server.requests())
        .as(name)
        .extracting(ScriptedServer.Request::body)
        .containsExactly(value, value);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("passingFaults")
  void givesUpAfterTheLastAttempt(String name, Answer fault) {
    patience(2, LONG);
    server.script(fault);

    var failure = kvFailureOf(kv.value("k"));

    assertThat(server.requests()).as(name).hasSize(2);
    assertThat(failure)
        .hasMessageStartingWith("GET /values/k: ")
        .hasMessageEndingWith(", after 2 attempts");
    assertThat(failure.mayPass()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 401, 403, 409, 413, 414})
  void neverRepeatsWhatIsRefusedForGood(int status) {
    server.script(ScriptedServer.error(status, 1234, "no"));

    var failure = kvFailureOf(kv.value("k"));

    assertThat(server.requests()).hasSize(1);
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.code()).isEqualTo(1234);
    assertThat(failure.mayPass()).isFalse();
    assertThat(failure)
        .hasMessageStartingWith("GET /values/k: status " + status + ", code 1234: no");
    assertThat(logLines()).isEmpty();
  }

  @Test
  void failsWhenNobodyListens() {
    server.close();

    var failure = kvFailureOf(kv.value("k"));

    assertThat(failure.status()).isEqualTo(KvException.NO_STATUS);
    assertThat(failure).hasMessageContaining("refused").hasMessageEndingWith(", after 3 attempts");
    assertThat(kv.traffic().requestsByStatus()).containsEntry(KvException.NO_STATUS, 3L);
    server = ScriptedServer.start(vertx);
  }

  @Test
  void growsItsDelaysUpToTheLongest() {
    patience(5, LONG);
    server.script(ScriptedServer.json(500, ""));

    kvFailureOf(kv.delete("k"));

    assertThat(logLines())
        .extracting(line -> line.substring(0, line.indexOf(':')))
        .containsExactly(
            "retry 1 of 4 in 2 ms",
            "retry 2 of 4 in 4 ms",
            "retry 3 of 4 in 5 ms",
            "retry 4 of 4 in 5 ms");
  }

  @Test
  void waitsAsLongAsTheStoreAsks() {
    server.script(ScriptedServer.error(429, 971, "slow down", "Retry-After: 1"), VALUE);

    assertThat(await(kv.value("k"))).isPresent();

    assertThat(logLines()).singleElement().asString().startsWith("retry 1 of 2 in 1002 ms: ");
  }

  @Test
  void reckonsADateToWaitForByTheStoresOwnClock() {
    server.script(
        ScriptedServer.error(
            503,
            0,
            "later",
            "Date: Tue, 01 Jan 2030 00:00:00 GMT",
            "Retry-After: Tue, 01 Jan 2030 00:00:01 GMT"),
        VALUE);

    assertThat(await(kv.value("k"))).isPresent();

    assertThat(logLines()).singleElement().asString().startsWith("retry 1 of 2 in 1002 ms: ");
  }

  @Test
  void failsAtOnceWhenTheStoreAsksForMoreThanTheLongestWait() {
    server.script(ScriptedServer.error(429, 971, "slow down", "Retry-After: 300"));

    var failure = kvFailureOf(kv.value("k"));

    assertThat(server.requests()).hasSize(1);
    assertThat(failure)
        .hasMessage(
            "GET /values/k: status 429, code 971: slow down, and the store asks to wait 300 s, more than the 2 s that are accepted");
    assertThat(failure.retryAfter()).contains(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1", "99999999999", "Tue, 99 Jan 2030 00:00:00 GMT", ""})
  void ignoresAWaitThatIsNone(String retryAfter) {
    server.script(ScriptedServer.error(429, 971, "slow down", "Retry-After: " + retryAfter), VALUE);

    assertThat(await(kv.value("k"))).isPresent();

    assertThat(logLines()).singleElement().asString().startsWith("retry 1 of 2 in 2 ms: ");
  }

  @Test
  void tellsAMissingKeyFromAMissingNamespace() {
    server.script(
        ScriptedServer.error(404, 10009, "key not found"),
        ScriptedServer.json(404, ""),
        ScriptedServer.error(404, 10013, "namespace not found"));

    assertThat(await(kv.value("k"))).isEmpty();
    assertThat(await(kv.value("k"))).isEmpty();
    assertThat(kvFailureOf(kv.value("k")))
        .hasMessageContaining("status 404, code 10013: namespace not found")
        .hasMessageContaining("check CLOUDFLARE_WORKERS_KV_NAMESPACE_ID");
  }

  @Test
  void takesAPageThatIsNotFoundForNoMissingKey() {
    server.script(ScriptedServer.status(404, "text/html", Buffer.buffer("<h1>not here</h1>")));

    assertThat(kvFailureOf(kv.value("k")).status()).isEqualTo(404);
    assertThat(kvFailureOf(kv.metadata("k"))).hasMessageContaining("<h1>not here</h1>");
  }

  @Test
  void namesTheVariablesToCheckWhenCredentialsAreRefused() {
    server.script(ScriptedServer.error(403, 10000, "Authentication error"));

    assertThat(kvFailureOf(kv.metadata("k")))
        .hasMessageContaining(
            "status 403, code 10000: Authentication error; check CLOUDFLARE_API_TOKEN,")
        .hasMessageContaining("CLOUDFLARE_ACCOUNT_ID");
  }

  @Test
  void doesNotFollowARedirectWithItsCredentials() {
    var elsewhere = ScriptedServer.start(vertx);
    elsewhere.script(VALUE);
    server.script(ScriptedServer.json(302, "", "Location: " + elsewhere.baseUrl()));

    assertThat(kvFailureOf(kv.value("k"))).hasMessageContaining("redirects are not followed");

    assertThat(elsewhere.requests()).isEmpty();
    elsewhere.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>sign in</html>",
        "[]",
        "null",
        "{\"result\":{}}",
        "{\"success\":\"true\"}",
        "{\"success\":tr"
      })
  void takesNothingButASuccessfulEnvelopeForSuccess(String body) {
    server.script(ScriptedServer.status(200, "text/html", Buffer.buffer(body)));

    var failure = kvFailureOf(kv.put("k", Buffer.buffer("v"), null, null));

    assertThat(failure)
        .hasMessage(
            "PUT /values/k: expected Cloudflare's JSON envelope but found status 200, content type text/html: "
                + body);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void takesAnEnvelopeWithoutSuccessForAFailureWhateverItsStatus() {
    server.script(ScriptedServer.error(200, 7, "not really"));

    assertThat(kvFailureOf(kv.delete("k"))).hasMessageContaining("status 200, code 7: not really");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"text\"", "7", "true"})
  void takesMetadataThatAreNoObjectForMetadataOfSomebodyElse(String metadata) {
    server.script(ScriptedServer.success(metadata));

    assertThat(await(kv.metadata("k"))).contains(new JsonObject());
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "[7]", "[{}]"})
  void refusesAListingThatIsNone(String result) {
    server.script(ScriptedServer.success(result));

    assertThat(kvFailureOf(kv.keys("", null))).hasMessageContaining("expected a list of keys");
  }

  @Test
  void showsForeignTextAsOneShortLine() {
    server.script(ScriptedServer.error(400, 1, "a\\nb\\u001b[31mc\\u202e" + "x".repeat(5_000)));

    assertThat(kvFailureOf(kv.delete("k")).getMessage())
        .startsWith("DELETE /values/k: status 400, code 1: a b [31mc xxx")
        .hasSizeLessThan(300);
  }

  @Test
  void refusesAValueWhoseEndIsOnlyTheConnections() {
    server.script(ScriptedServer.bytesThenHangUp("HTTP/1.1 200 OK\r\n\r\nperhaps cut"));

    assertThat(kvFailureOf(kv.value("k")))
        .hasMessageContaining("expected a body with a length or in chunks");
  }

  @Test
  void stopsReadingABodyThatIsTooLong() {
    var sent = new AtomicLong();
    server.script((socket, request) -> pour(socket, 30L << 20, sent));

    var failure = kvFailureOf(kv.value("k"));

    assertThat(failure)
        .hasMessage("GET /values/k: expected at most 26214400 bytes but the answer is longer");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void closesTheConnectionOfABodyThatNeverEnds() {
    patience(1, SHORT);
    var hungUp = Promise.<Void>promise();
    server.script(
        (socket, request) -> {
          socket.closeHandler(hungUp::tryComplete);
          pour(socket, Long.MAX_VALUE, new AtomicLong());
        });

    kvFailureOf(kv.value("k"));

    await(hungUp.future());
    assertThat(kv.traffic().bytesReceived()).isLessThan(27L << 20);
  }

  @Test
  void givesUpAnUploadThatNobodyReads() {
    patience(1, SHORT);
    var stalled = ScriptedServer.deaf(vertx);
    var settings =
        new CloudflareSettings("acc", "ns", stalled.baseUrl(), Credentials.token(SECRET));
    var client = CloudflareKv.create(vertx, settings, policy(1, SHORT));

    var failure = kvFailureOf(client.put("k", Buffer.buffer(new byte[26_214_400]), null, null));

    assertThat(failure).hasMessageContaining("no whole answer after ");
    await(client.close());
    stalled.close();
  }

  @Test
  void endsCallsUnderWayWhenItIsClosed() {
    var asked = Promise.<Void>promise();
    server.script((socket, request) -> asked.tryComplete());
    var inFlight = kv.value("k");
    await(asked.future());

    await(kv.close());

    assertThat(kvFailureOf(inFlight)).hasMessage("GET /values/k: the client is closed");
    assertThat(kvFailureOf(kv.value("k"))).hasMessage("GET /values/k: the client is closed");
    await(kv.close());
  }

  @Test
  void endsAPauseWhenItIsClosed() {
    var client =
        CloudflareKv.create(
            vertx,
            settings(),
            new RetryPolicy(
                2,
                new Backoff(Duration.ofHours(1), Duration.ofHours(1)),
                Duration.ZERO,
                SHORT,
                () -> 0.9));
    server.script(ScriptedServer.json(500, ""));
    var pausing = client.delete("k");
    until("the retry is logged", () -> !logLines().isEmpty());

    await(client.close());

    assertThat(kvFailureOf(pausing)).hasMessage("DELETE /values/k: the client is closed");
  }

  @Test
  void servesManyCallsAtOnce() {
    server.script(VALUE);
    var calls = new ArrayList<Future<?>>();
    for (int i = 0; i < 200; i++) {
      calls.add(kv.value("k" + i));
    }

    await(Future.all(calls));

    assertThat(kv.traffic().requestsByStatus()).isEqualTo(Map.of(200, 200L));
    assertThat(List.copyOf(server.requests())).hasSize(200);
  }

  /** Writes as fast as it is read, {@code bytes} in all. */
  private static void pour(NetSocket socket, long bytes, AtomicLong sent) {
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n");
    Runnable more =
        () -> {
          while (sent.get() < bytes && !socket.writeQueueFull()) {
            sent.addAndGet(65_536);
            socket.write(Buffer.buffer(new byte[65_536]));
          }
        };
    socket.drainHandler(drained -> more.run());
    more.run();
  }
}
