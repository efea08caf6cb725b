package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.sdk.source.FileSource;
import dev.satchel.sdk.source.HttpSource;
import dev.satchel.sdk.source.SnapshotSource;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The environment alone decides where a client reads from. */
final class EnvSourceTest {
  private static final Map<String, String> CLOUDFLARE =
      Map.of(
          "CLOUDFLARE_ACCOUNT_ID", "acc",
          "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "ns",
          "CLOUDFLARE_API_TOKEN", "a-token-of-some-length");

  @TempDir Path directory;

  private static SnapshotSource source(Map<String, String> env) {
    return ConfigClient.sourceFromEnv(env, ConfigClientOptions.fromEnv(env));
  }

  @Test
  void readsWorkersKvUnlessAnotherKindOfSourceIsNamed() {
    var env = new HashMap<>(CLOUDFLARE);
    env.put("SATCHEL_KEY", "flags");
    assertThat(source(env)).hasToString("key 'flags'");
    env.put("SATCHEL_SOURCE", "KV");
    assertThat(source(env).identity()).isEqualTo("acc/ns");

    env.put("SATCHEL_SOURCE", "https://cdn.example.com/users?key=secret");
    assertThat(source(env))
        .isInstanceOf(HttpSource.class)
        .hasToString("https://cdn.example.com/users");
  }

  @Test
  void opensAFileOrAFolderByPathOrAddress() throws Exception {
    Path file = directory.resolve("users.satchel");
    Files.write(file, Publication.ofFlag(7, "alice", true).value());
    for (String named :
        new String[] {file.toString(), directory.toString(), file.toUri().toString()}) {
      Map<String, String> env = Map.of("SATCHEL_SOURCE", named);
      assertThat(source(env)).isInstanceOf(FileSource.class);
      try (ConfigClient client = ConfigClient.openBlocking(env)) {
        assertThat(client.status().revision()).isEqualTo(7);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://bucket/secret",
        "users",
        "https://",
        "https://exa mple.com/?secret",
        "file:x"
      })
  void refusesWhatIsNoSourceWithoutShowingIt(String wrong) {
    assertThatThrownBy(() -> source(Map.of("SATCHEL_SOURCE", wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("SATCHEL_SOURCE: expected ")
        .hasMessageNotContaining("secret");
  }

  @Test
  void sendsTheTokenToAnAddressAndWaitsThereIfThatIsAsked() throws Exception {
    var requests = new LinkedBlockingQueue<HttpServerRequest>();
    byte[] value = Publication.ofFlag(7, "alice", true).value();
    Vertx vertx = Vertx.vertx();
    HttpServer server =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      requests.add(request);
                      if (request.getHeader("Prefer") == null) {
                        request.response().putHeader("ETag", "\"7\"").end(Buffer.buffer(value));
                      }
                    })
                .listen(0, "127.0.0.1"));
    Path token = Files.writeString(directory.resolve("token"), "a-readers-token\n");

    ConfigClient client =
        ConfigClient.openBlocking(
            Map.of(
                "SATCHEL_SOURCE",
                "http://127.0.0.1:" + server.actualPort() + "/users",
                "SATCHEL_SOURCE_TOKEN_FILE",
                token.toString(),
                "SATCHEL_LONGEST_WAIT",
                "20s"));

    for (String prefer : new String[] {null, "wait=20"}) {
      HttpServerRequest request = next(requests);
      assertThat(request.getHeader("Prefer")).isEqualTo(prefer);
      assertThat(request.getHeader("Authorization")).isEqualTo("Bearer a-readers-token");
    }
    client.close();
    await(server.close());
    await(vertx.close());
  }

  @Test
  void aTokenThatNoHeaderCanCarryOrNoFileHoldsIsNamedByItsVariable() {
    var env = new HashMap<>(Map.of("SATCHEL_SOURCE", "https://cdn.example.com/users"));
    env.put("SATCHEL_SOURCE_TOKEN", "secret\u00e9");
    assertThatThrownBy(() -> source(env))
        .hasMessage(
            "SATCHEL_SOURCE_TOKEN: expected a token of visible ASCII characters but found others");
    env.remove("SATCHEL_SOURCE_TOKEN");
    env.put("SATCHEL_SOURCE_TOKEN_FILE", directory.resolve("none").toString());

    assertThatThrownBy(() -> source(env))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("SATCHEL_SOURCE_TOKEN_FILE names a file that cannot be read");
  }

  @Test
  void asksNoOtherMachineOverPlainHttpUnlessThatIsAllowedByName() {
    var env = new HashMap<>(Map.of("SATCHEL_SOURCE", "http://cache.internal:8080/users"));
    assertThatThrownBy(() -> source(env))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SATCHEL_PLAIN_HTTP");

    env.put("SATCHEL_PLAIN_HTTP", "cache.internal");

    assertThat(source(env)).isInstanceOf(HttpSource.class);
  }
}
