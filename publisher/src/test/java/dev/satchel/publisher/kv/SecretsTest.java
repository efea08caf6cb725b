package dev.satchel.publisher.kv;

import static dev.satchel.publisher.kv.Futures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.KvException;
import dev.satchel.publisher.Waiting;
import dev.satchel.publisher.kv.ScriptedServer.Answer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A store that throws our own secret back at us does not bring it into an error or a log. */
class SecretsTest extends ScriptedKv {

  static Stream<Arguments> echoes() {
    var split = SECRET.substring(0, 9) + "\\u0000" + SECRET.substring(9);
    return Stream.of(
        Arguments.of("hang up", ScriptedServer.hangUp()),
        Arguments.of("silence", ScriptedServer.silence()),
        Arguments.of("garbage", ScriptedServer.bytesThenHangUp(SECRET + "\r\n\r\n")),
        Arguments.of("bad version", ScriptedServer.bytesThenHangUp(SECRET + "/1 200 OK\r\n\r\n")),
        Arguments.of(
            "bad status", ScriptedServer.bytesThenHangUp("HTTP/1.1 " + SECRET + " OK\r\n\r\n")),
        Arguments.of(
            "bad length",
            ScriptedServer.bytesThenHangUp(
                "HTTP/1.1 200 OK\r\nContent-Length: " + SECRET + "\r\n\r\n")),
        Arguments.of(
            "bad chunk",
            ScriptedServer.bytesThenHangUp(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + SECRET + "\r\n")),
        Arguments.of(
            "in the reason", ScriptedServer.bytesThenHangUp("HTTP/1.1 500 " + SECRET + "\r\n\r\n")),
        Arguments.of("in an error", ScriptedServer.error(403, 10000, "no such token " + SECRET)),
        Arguments.of(
            "in base64",
            ScriptedServer.error(
                401,
                10000,
                Base64.getEncoder()
                    .encodeToString(("Bearer " + SECRET).getBytes(StandardCharsets.UTF_8)))),
        Arguments.of("cut by control characters", ScriptedServer.error(429, 971, split)),
        Arguments.of("in html", html(200, "<h1>" + SECRET)),
        Arguments.of("in a 502", html(502, SECRET.repeat(50))),
        Arguments.of(
            "in the content type", ScriptedServer.status(200, SECRET, Buffer.buffer("{}"))),
        Arguments.of("in metadata", ScriptedServer.success("[\"" + SECRET + "\"]")),
        Arguments.of(
            "in Retry-After", ScriptedServer.error(503, 0, "wait", "Retry-After: " + SECRET)),
        Arguments.of(
            "in unsuccessful keys",
            ScriptedServer.success("{\"unsuccessful_keys\":[\"" + SECRET + "\"]}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("echoes")
  void appearInNoErrorAndNoLog(String name, Answer answer) {
    patience(2, Duration.ofMillis(200));
    server.script(answer);
    var value = Buffer.buffer("v");
    List<Future<?>> calls =
        List.of(
            kv.metadata("k"),
            kv.keys("", null),
            kv.putAll(List.of(new KvPair("k", value))),
            kv.put("k", value, new JsonObject(), null),
            kv.delete("k"),
            kv.value("k"));

    var text = new StringBuilder();
    for (var call : calls) {
      if (Waiting.await(call.transform(done -> Future.succeededFuture(done.failed())))) {
        var failure = failureOf(call);
        assertThat(failure).isInstanceOf(KvException.class);
        assertThat(failure.getMessage()).doesNotContain("\n");
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        text.append(trace).append(failure);
      }
    }
    assertThat(text).as(name).isNotEmpty();
    assertThat(text.append(wholeLog()).append(settings()))
        .as(name)
        .asString()
        .doesNotContainIgnoringCase(SECRET)
        .doesNotContainIgnoringCase(
            Base64.getEncoder()
                .encodeToString(("Bearer " + SECRET).getBytes(StandardCharsets.UTF_8))
                .substring(12, 32));
  }

  private static Answer html(int status, String body) {
    return ScriptedServer.status(status, "text/html", Buffer.buffer(body));
  }
}
