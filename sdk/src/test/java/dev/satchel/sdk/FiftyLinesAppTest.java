package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.RestWriter;
import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.kv.local.LocalKvServer;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application of the README, against the local server, which goes down and comes back. */
final class FiftyLinesAppTest {
  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final List<String> said = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private LocalKvServer start(int port) {
    return await(
        LocalKvServer.start(
            vertx,
            LocalKvOptions.in(directory.resolve("kv"))
                .withNamespace("ns", "configs")
                .withPort(port)));
  }

  private void publish(Map<String, String> env, Publication publication) {
    new RestWriter(env)
        .put(ConfigClientOptions.DEFAULT_KEY, publication.value(), publication.metadata());
  }

  private void untilSaid(String line) {
    until(line + " among " + said, () -> said.contains(line));
  }

  @Test
  void startsWhileTheStoreIsDownServesFromDiskHealsAndReportsEachState() {
    LocalKvServer server = start(0);
    int port = URI.create(server.baseUrl()).getPort();
    Map<String, String> env =
        Map.of(
            "CLOUDFLARE_API_TOKEN", "token",
            "CLOUDFLARE_ACCOUNT_ID", "account",
            "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "ns",
            "CLOUDFLARE_API_BASE_URL", server.baseUrl(),
            "SATCHEL_POLL_INTERVAL", "0.1s",
            "SATCHEL_START_TIMEOUT", "0.5s",
            "SATCHEL_COPY_DIR", directory.resolve("copies").toString(),
            "SATCHEL_EXPIRE_AFTER", "4s");
    await(server.close());

    var app = new FiftyLinesApp(env, said::add);
    untilSaid("EMPTY at revision 0, not ready: alice does not");
    server = start(port);
    publish(env, Publication.ofFlag(7, "alice", true));
    untilSaid("FRESH at revision 7, ready: alice sees the preview");
    until("there is a copy on disk", () -> isKept(directory.resolve("copies"), 7));
    app.close();
    await(server.close());
    said.clear();

    app = new FiftyLinesApp(env, said::add);
    untilSaid("EXPIRED at revision 7, not ready: alice sees the preview");
    server = start(port);
    untilSaid("FRESH at revision 7, ready: alice sees the preview");
    publish(env, Publication.ofFlag(8, "alice", false));
    untilSaid("FRESH at revision 8, ready: alice does not");
    await(server.close());
    untilSaid("STALE at revision 8, ready: alice does not");
    app.close();

    assertThat(said.get(0)).contains("at revision 7").endsWith("alice sees the preview");
  }

  private static boolean isKept(Path copies, long revision) {
    String[] files = copies.toFile().list((folder, name) -> name.endsWith(".satchel"));
    return files != null && Arrays.stream(files).anyMatch(name -> name.contains("@" + revision));
  }
}
