package dev.satchel.publisher.kv;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.kv.Futures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.Credentials;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/** What goes over the wire, byte for byte, and what is made of sound answers. */
class CloudflareKvRequestTest extends ScriptedKv {

  @Test
  void readsAValueWithTheTokenAndWithoutAnyCodingOfTheBody() {
    server.script(ScriptedServer.octets(Buffer.buffer(new byte[] {0, 13, 10, -1})));

    var value = await(kv.value("user-configs"));

    assertThat(value).contains(Buffer.buffer(new byte[] {0, 13, 10, -1}));
    var request = server.onlyRequest();
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.target()).isEqualTo(PATH + "/values/user-configs");
    assertThat(request.headers())
        .containsEntry("authorization", "Bearer " + SECRET)
        .containsEntry("accept-encoding", "identity")
        .containsEntry("user-agent", "satchel")
        .doesNotContainKeys("x-auth-key", "x-auth-email", "content-length");
  }

  @Test
  void sendsEmailAndKeyInsteadOfAToken() {
    server.script(ScriptedServer.success("{}"));
    var settings =
        new CloudflareSettings(
            "acc",
            "ns",
            URI.create(server.baseUrl() + "///"),
            Credentials.emailAndKey("ops@example.com", SECRET));
    var other = CloudflareKv.create(vertx, settings, policy(1, Duration.ofSeconds(20)));

    await(other.delete("k"));

    assertThat(server.onlyRequest().method()).isEqualTo("DELETE");
    assertThat(server.onlyRequest().target()).isEqualTo(PATH + "/values/k");
    assertThat(server.onlyRequest().headers())
        .containsEntry("x-auth-email", "ops@example.com")
        .containsEntry("x-auth-key", SECRET)
        .doesNotContainKey("authorization");
    await(other.close());
  }

  @ParameterizedTest
  @CsvSource({
    "assets/a b.png, assets%2Fa%20b.png",
    "100%2F, 100%252F",
    "a+b&c=d?e#f, a%2Bb%26c%3Dd%3Fe%23f",
    "zürich/東京/🎉, z%C3%BCrich%2F%E6%9D%B1%E4%BA%AC%2F%F0%9F%8E%89",
    "../x, ..%2Fx",
    "{template}, %7Btemplate%7D",
    "user-configs@17~._, user-configs%4017~._"
  })
  void escapesAKeyOnceAsOneSegmentOfThePath(String key, String segment) {
    server.script(ScriptedServer.octets(Buffer.buffer("v")));

    await(kv.value(key));

    assertThat(server.onlyRequest().target()).isEqualTo(PATH + "/values/" + segment);
  }

  @Test
  void reachesAnIpv6Address() {
    ScriptedServer six;
    try {
      six = ScriptedServer.start(vertx, "::1");
    } catch (RuntimeException | AssertionError noIpv6) {
      throw new TestAbortedException("this machine has no IPv6 loopback", noIpv6);
    }
    six.script(ScriptedServer.octets(Buffer.buffer("v")));
    var url = URI.create("http://[::1]:" + six.port() + "/client/v4");
    var other =
        CloudflareKv.create(
            vertx,
            new CloudflareSettings("acc", "ns", url, Credentials.token(SECRET)),
            policy(1, Duration.ofSeconds(20)));

    assertThat(await(other.value("k"))).isPresent();

    assertThat(six.onlyRequest().headers()).containsEntry("host", "[::1]:" + six.port());
    await(other.close());
    six.close();
  }

  @Test
  void sendsAValueWithoutMetadataAsItsBareBytes() {
    server.script(ScriptedServer.success("{}"));
    var value = randomBytes(200_001);

    await(kv.put("k", value, null, Duration.ofMinutes(2)));

    var request = server.onlyRequest();
    assertThat(request.method()).isEqualTo("PUT");
    assertThat(request.target()).isEqualTo(PATH + "/values/k?expiration_ttl=120");
    assertThat(request.headers())
        .containsEntry("content-type", "application/octet-stream")
        .containsEntry("content-length", "200001")
        .doesNotContainKey("transfer-encoding");
    assertThat(request.body()).isEqualTo(value);
  }

  @Test
  void sendsAnEmptyValue() {
    server.script(ScriptedServer.success("{}"));

    await(kv.put("k", Buffer.buffer(), null, null));

    assertThat(server.onlyRequest().headers()).containsEntry("content-length", "0");
  }

  @Test
  void sendsAValueWithMetadataAsAFormWhoseFilePartIsExact() {
    server.script(ScriptedServer.success("{}"));
    var value = Buffer.buffer("a\nb\r\n--c\r").appendBuffer(randomBytes(100_000));

    await(kv.put("k", value, new JsonObject().put("note", "zürich"), null));

    var request = server.onlyRequest();
    assertThat(request.target()).isEqualTo(PATH + "/values/k");
    var type = request.headers().getOrDefault("content-type", "");
    assertThat(type).startsWith("multipart/form-data; boundary=");
    var boundary = type.substring(type.indexOf('=') + 1);
    var beforeValue =
        List.of(
            "--" + boundary,
            "Content-Disposition: form-data; name=\"value\"; filename=\"value\"",
            "Content-Type: application/octet-stream",
            "",
            "");
    var afterValue =
        List.of(
            "",
            "--" + boundary,
            "Content-Disposition: form-data; name=\"metadata\"",
            "Content-Type: application/json",
            "",
            "{\"note\":\"zürich\"}",
            "--" + boundary + "--",
            "");
    var expected =
        Buffer.buffer(String.join("\r\n", beforeValue))
            .appendBuffer(value)
            .appendString(String.join("\r\n", afterValue));
    assertThat(request.body()).isEqualTo(expected);
    assertThat(request.headers()).containsEntry("content-length", "" + expected.length());
  }

  @Test
  void carriesTheLargestValueBothWays() {
    var largest = randomBytes(26_214_400);
    server.script(ScriptedServer.success("{}"), ScriptedServer.octets(largest));

    await(kv.put("k", largest, new JsonObject().put("bytes", 26_214_400), null));
    var back = await(kv.value("k")).orElseThrow();

    assertThat(back.equals(largest)).isTrue();
    assertThat(kv.traffic().requestsByStatus()).containsOnlyKeys(200).containsEntry(200, 2L);
    assertThat(kv.traffic().bytesSent()).isBetween(26_214_400L, 26_215_400L);
    assertThat(kv.traffic().bytesReceived()).isBetween(26_214_400L, 26_214_600L);
  }

  @Test
  void readsMetadata() {
    server.script(
        ScriptedServer.success("{\"revision\":7}"),
        ScriptedServer.success("null"),
        ScriptedServer.error(404, 10009, "key not found"));

    assertThat(await(kv.metadata("a b"))).contains(new JsonObject().put("revision", 7));
    assertThat(await(kv.metadata("none"))).isEmpty();
    assertThat(await(kv.metadata("missing"))).isEmpty();
    assertThat(server.requests().get(0).target()).isEqualTo(PATH + "/metadata/a%20b");
  }

  @Test
  void listsKeysPageByPage() {
    server.script(
        ScriptedServer.json(
            200,
            """
            {"result":[{"name":"a","expiration":1700000000,"metadata":{"n":1}},
                       {"name":"b","metadata":"foreign"}],
             "success":true,"errors":[],"messages":[],"result_info":{"count":2,"cursor":"c+/="}}
            """),
        ScriptedServer.json(
            200,
            """
            {"result":[],"success":true,"errors":[],"messages":[],
             "result_info":{"count":0,"cursor":""}}
            """));

    var first = await(kv.keys("a &", null));
    var second = await(kv.keys("", first.cursor()));

    assertThat(first.keys())
        .containsExactly(
            new KeyPage.Key(
                "a", new JsonObject().put("n", 1), Instant.ofEpochSecond(1_700_000_000)),
            new KeyPage.Key("b", null, null));
    assertThat(second).isEqualTo(new KeyPage(List.of(), null));
    assertThat(server.requests())
        .extracting(ScriptedServer.Request::target)
        .containsExactly(PATH + "/keys?prefix=a%20%26", PATH + "/keys?cursor=c%2B%2F%3D");
  }

  @Test
  void refusesWhatWorkersKvWouldRefuseBeforeAnythingIsSent() {
    var small = Buffer.buffer("v");
    assertThat(failureOf(kv.put("k", Buffer.buffer(new byte[26_214_401]), null, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a value of at most 26214400 bytes but found 26214401 bytes");
    assertThat(failureOf(kv.put("k".repeat(513), small, null, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a key of 1 to 512 bytes of UTF-8 but found 513 bytes");
    assertThat(failureOf(kv.put("é".repeat(257), small, null, null)))
        .hasMessageContaining("found 514 bytes");
    assertThat(failureOf(kv.put("k", small, null, Duration.ofSeconds(59))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a time to live of at least 60 s but found 59000 ms");
    var metadata = new JsonObject().put("k", "x".repeat(1_017));
    assertThat(failureOf(kv.put("k", small, metadata, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected metadata of at most 1024 bytes of JSON but found 1025 bytes");
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "\uD800"})
  void refusesAKeyThatCannotStandInAPath(String key) {
    assertThat(failureOf(kv.value(key))).isInstanceOf(IllegalArgumentException.class);
    assertThat(failureOf(kv.metadata(key))).isInstanceOf(IllegalArgumentException.class);
    assertThat(failureOf(kv.delete(key))).isInstanceOf(IllegalArgumentException.class);
    assertThat(failureOf(kv.putAll(List.of(new KvPair(key, Buffer.buffer())))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(failureOf(kv.deleteAll(List.of(key)))).isInstanceOf(IllegalArgumentException.class);
    assertThat(server.requests()).isEmpty();
  }

  private static Buffer randomBytes(int length) {
    var bytes = new byte[length];
    new Random(42).nextBytes(bytes);
    return Buffer.buffer(bytes);
  }
}
