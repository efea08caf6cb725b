package dev.satchel.kv;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.satchel.http.NetworkOptions;
import dev.satchel.http.ScriptedServer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader of a namespace against a server that follows a script. */
@Timeout(60)
final class CloudflareKvReaderTest {
  private static final String SECRET = "mark-5f0c9d-of-the-secret";

  private Vertx vertx;
  private ScriptedServer server;
  private KvReader kv;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    server = ScriptedServer.start(vertx);
    kv =
        CloudflareKvReader.of(
            new CloudflareSettings("acc", "ns", server.baseUrl(), Credentials.token(SECRET)),
            NetworkOptions.defaults(),
            Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    await(vertx.close());
  }

  private KvException failure() {
    KvException failure = catchThrowableOfType(KvException.class, () -> kv.metadata("k"));
    assertThat(failure).hasMessageNotContaining(SECRET).hasMessageNotContaining("\n");
    return failure;
  }

  @Test
  void readsValuesAndMetadataUnderKeysOfAnyCharacters() throws Exception {
    server.script(
        ScriptedServer.octets(Buffer.buffer("the value")),
        ScriptedServer.success(
            "{\"revision\":7,\"change\":{\"added\":[1,2.5,null]},\"host\":null}"),
        ScriptedServer.success("null"));

    assertThat(kv.value("a/b %+é", 9).orElseThrow()).asString().isEqualTo("the value");
    Map<String, Object> metadata = kv.metadata("k").orElseThrow();
    assertThat(metadata).containsEntry("revision", 7).containsKey("host");
    assertThat(kv.metadata("k")).isEmpty();

    ScriptedServer.Request first = server.requests().get(0);
    assertThat(first.target())
        .isEqualTo("/client/v4/accounts/acc/storage/kv/namespaces/ns/values/a%2Fb%20%25%2B%C3%A9");
    assertThat(first.headers()).containsEntry("authorization", "Bearer " + SECRET);
  }

  @Test
  void tellsCachesOnTheWayWhichValueItExpects() throws Exception {
    server.script(ScriptedServer.octets(Buffer.buffer("the value")));

    kv.value("k", 9, "0123abcd");
    kv.value("k", 9);

    assertThat(server.requests())
        .extracting(request -> request.headers().get("satchel-sha-256"))
        .containsExactly("0123abcd", null);
  }

  @Test
  void tellsAMissingKeyFromAMissingNamespaceOrPage() throws Exception {
    server.script(ScriptedServer.error(404, 10009, "key not found"));
    assertThat(kv.value("k", 0)).isEmpty();
    assertThat(kv.metadata("k")).isEmpty();
    server.script(ScriptedServer.error(404, 10013, "namespace not found"));
    assertThat(failure()).isNotNull();
    assertThat(failure())
        .hasMessageContaining("code 10013")
        .hasMessageContaining("check CLOUDFLARE_WORKERS_KV_NAMESPACE_ID");
    server.script(ScriptedServer.status(404, "text/html", Buffer.buffer("<p>not here")));
    assertThat(failure()).isNotNull();
    assertThat(failure().status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "no json",
        "{\"success\":true,\"result\":[1]}",
        "{\"success\":1}",
        "{\"success\":true,\"result\":\"text\"}"
      })
  void takesNothingButAnEnvelopeWithAnObjectForMetadata(String body) throws Exception {
    server.script(ScriptedServer.json(200, body));

    assertThat(failure()).hasMessageContaining("expected ");
  }

  @Test
  void saysWhetherAFailureMayPassAndHowLongToWait() {
    server.script(ScriptedServer.error(429, 971, "slow down", "Retry-After: 7"));
    KvException limited = failure();
    assertThat(limited.mayPass()).isTrue();
    assertThat(limited.retryAfter()).contains(Duration.ofSeconds(7));
    server.script(ScriptedServer.error(401, 10000, "no token " + SECRET));
    assertThat(failure()).isNotNull();
    KvException refused = failure();
    assertThat(refused.mayPass()).isFalse();
    assertThat(refused).hasMessageContaining("check CLOUDFLARE_API_TOKEN");
    server.script(ScriptedServer.hangUp());
    assertThat(failure()).isNotNull();
    assertThat(failure().mayPass()).isTrue();
    assertThat(failure().status()).isEqualTo(KvException.NO_STATUS);
  }

  @Test
  void tellsTheReasonThatCloudflarePutsOneLevelDownAndTheVariable() {
    server.script(
        ScriptedServer.json(
            400,
            """
            {"result":null,"success":false,"errors":[{"code":6003,"message":"Invalid request headers",\
            "error_chain":[{"code":6111,"message":"Invalid format for Authorization header"}]}],\
            "messages":[]}"""));
    assertThat(failure())
        .hasMessageContaining("code 6003: Invalid request headers (code 6111: Invalid format for")
        .hasMessageEndingWith("; check CLOUDFLARE_API_TOKEN");

    server.script(ScriptedServer.error(400, 7003, "Could not route to /accounts/x"));
    assertThat(failure())
        .hasMessageEndingWith(
            "; check CLOUDFLARE_WORKERS_KV_NAMESPACE_ID and CLOUDFLARE_ACCOUNT_ID");
  }

  @Test
  void takesNoValueWhoseEndIsOnlyTheConnections() {
    server.script(ScriptedServer.bytesThenHangUp("HTTP/1.1 200 OK\r\n\r\nhalf a val"));

    assertThatThrownBy(() -> kv.value("k", 0))
        .isInstanceOf(KvException.class)
        .hasMessageContaining("expected a body with a length or in chunks");
  }

  @Test
  void sendsNoTokenInPlainTextToAnotherMachine() {
    var elsewhere =
        new CloudflareSettings(
            "acc", "ns", URI.create("http://kv.internal/client/v4"), Credentials.token(SECRET));
    assertThatThrownBy(
            () ->
                CloudflareKvReader.of(elsewhere, NetworkOptions.defaults(), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SATCHEL_PLAIN_HTTP");
    assertThatThrownBy(
            () ->
                CloudflareSettings.fromEnv(
                    Map.of(
                        "CLOUDFLARE_API_BASE_URL", "http://kv.internal/client/v4",
                        "CLOUDFLARE_ACCOUNT_ID", "acc",
                        "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "ns",
                        "CLOUDFLARE_API_TOKEN", SECRET)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("CLOUDFLARE_API_BASE_URL: expected https://");
  }

  @Test
  void answersNothingOnceItIsClosed() {
    kv.close();

    assertThatThrownBy(() -> kv.value("k", 0)).hasMessageContaining("the reader is closed");
    assertThat(server.requests()).isEmpty();
  }
}
