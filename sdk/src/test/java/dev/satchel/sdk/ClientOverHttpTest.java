package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.satchel.kv.CloudflareKv;
import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.RetryPolicy;
import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.kv.local.LocalKvServer;
import dev.satchel.sdk.ClientStatus.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client, our HTTP client and the local server, with real faults between them. */
final class ClientOverHttpTest {
  private static final String FLAG = "preview_features_enabled";
  private static final RetryPolicy ONCE =
      new RetryPolicy(
          1, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(30), () -> 0);
  private static final String TOKEN = "a-token-that-nobody-may-see";

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private LocalKvServer server;
  private CloudflareKv writer;
  private Map<String, String> env = Map.of();

  @BeforeEach
  void startServer() {
    server =
        await(
            LocalKvServer.start(
                vertx,
                LocalKvOptions.in(directory).withToken(TOKEN).withNamespace("ns", "configs")));
    env =
        Map.of(
            "CLOUDFLARE_API_TOKEN", TOKEN,
            "CLOUDFLARE_ACCOUNT_ID", "account",
            "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "ns",
            "CLOUDFLARE_API_BASE_URL", server.baseUrl(),
            "SATCHEL_POLL_INTERVAL", "1h");
    writer = CloudflareKv.create(vertx, CloudflareSettings.fromEnv(env));
    publish(Publication.ofFlag(7, "alice", true));
  }

  @AfterEach
  void close() {
    await(writer.close());
    await(server.close());
    await(vertx.close());
  }

  private void publish(Publication publication) {
    await(
        writer.put(
            ConfigClientOptions.DEFAULT_KEY, publication.value(), publication.metadata(), null));
  }

  private static void expect(ConfigClient client, State state, long revision) {
    ClientStatus status = await(client.refreshNow());
    assertThat(status.state()).as("state, with failure %s", status.lastFailure()).isEqualTo(state);
    assertThat(status.revision()).isEqualTo(revision);
  }

  @Test
  void servesWhatThePublisherPutFromPlainBlockingCode() {
    ConfigClient client = ConfigClient.openBlocking(env);

    assertThat(client.getBoolean("alice", FLAG, false)).isTrue();

    publish(Publication.ofFlag(8, "alice", false));
    expect(client, State.FRESH, 8);
    assertThat(client.getBoolean("alice", FLAG, true)).isFalse();
    await(client.close());
  }

  @Test
  void keepsTheLastGoodViewThroughFaultsOfTheNetworkAndHeals() {
    ConfigClient client = await(ConfigClient.fromEnv(vertx, env));
    publish(Publication.ofFlag(8, "alice", false));

    server.faults().next(1, "GET", "/metadata/").answers(500);
    expect(client, State.STALE, 7);
    server.faults().next(1, "GET", "/values/").areCut();
    expect(client, State.STALE, 7);
    assertThat(client.getBoolean("alice", FLAG, false)).isTrue();

    expect(client, State.FRESH, 8);
    await(client.close());
  }

  @Test
  void leavesTheStoreAloneForAsLongAsItAsks() {
    var kv = CloudflareKv.create(vertx, CloudflareSettings.fromEnv(env), ONCE);
    var clock = new AtomicReference<>(Instant.parse("2026-03-01T13:00:00Z"));
    var options =
        ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).clock(clock::get).build();
    ConfigClient client = await(ConfigClient.open(vertx, kv, options));
    publish(Publication.ofFlag(8, "alice", false));
    server.faults().next(1, "GET", "/metadata/").answers(429, Duration.ofSeconds(60));
    expect(client, State.STALE, 7);
    long calls = kv.traffic().requests();

    clock.updateAndGet(now -> now.plusSeconds(59));
    expect(client, State.STALE, 7);
    assertThat(kv.traffic().requests()).isEqualTo(calls);
    clock.updateAndGet(now -> now.plusSeconds(1));
    expect(client, State.FRESH, 8);
    await(client.close());
    await(kv.close());
  }

  @Test
  void keepsTheLastGoodViewWhateverLiesInTheStore() {
    ConfigClient client = await(ConfigClient.fromEnv(vertx, env));
    Publication next = Publication.ofFlag(8, "alice", false);
    byte[] flipped = next.value().getBytes();
    flipped[flipped.length / 2] ^= 1;
    byte[] bomb = Zstd.compress(new byte[256 << 20]);
    Map<String, Publication> unusable =
        Map.of(
            "expected a value with sha256",
                new Publication(Buffer.buffer(flipped), next.metadata()),
            "in 0 bytes", new Publication(Buffer.buffer(), next.metadata()),
            "but found 8 in the snapshot", Publication.announcing(9, next.value().getBytes()),
            "expected a revision above 7", Publication.ofFlag(6, "alice", false),
            "no sound snapshot", Publication.announcing(8, bomb));

    unusable.forEach(
        (reason, publication) -> {
          publish(publication);
          expect(client, State.STALE, 7);
          assertThat(client.status().lastFailure()).contains(reason);
          assertThat(client.getBoolean("alice", FLAG, false)).isTrue();
        });

    publish(next);
    expect(client, State.FRESH, 8);
    await(client.close());
  }

  @Test
  void refusesAnOlderSnapshotThatAnEventuallyConsistentStoreBringsBack() {
    ConfigClient client = await(ConfigClient.fromEnv(vertx, env));
    publish(Publication.ofFlag(8, "alice", false));
    expect(client, State.FRESH, 8);

    publish(Publication.ofFlag(7, "alice", true));
    expect(client, State.STALE, 8);
    assertThat(client.getBoolean("alice", FLAG, true)).isFalse();
    publish(Publication.ofFlag(8, "alice", false));
    expect(client, State.FRESH, 8);
    await(client.close());
  }

  @Test
  void readsAPinnedRevisionFromWhereThePublisherKeepsIt() {
    Publication old = Publication.ofFlag(5, "alice", false);
    await(writer.put(ConfigClientOptions.DEFAULT_KEY + "@5", old.value(), old.metadata(), null));
    var pinned = new HashMap<>(env);
    pinned.put("SATCHEL_PINNED_REVISION", "5");

    ConfigClient client = await(ConfigClient.fromEnv(vertx, pinned));

    expect(client, State.FRESH, 5);
    await(client.close());
  }

  @Test
  void closesInTheMiddleOfAFetch() {
    ConfigClient client = await(ConfigClient.fromEnv(vertx, env));
    publish(Publication.ofFlag(8, "alice", false));
    server.faults().next(1, "GET", "/values/").stallInBody();
    Future<ClientStatus> underWay = client.refreshNow();

    await(client.close());
    await(client.close());

    assertThatThrownBy(() -> await(underWay)).hasMessage("the client is closed");
    assertThat(client.view().revision()).isEqualTo(7);
  }

  @Test
  void givesUpOnAnAnswerThatStallsInItsBody() {
    var kv = CloudflareKv.create(vertx, CloudflareSettings.fromEnv(env));
    var options =
        ConfigClientOptions.builder()
            .pollInterval(Duration.ofHours(1))
            .callTimeout(Duration.ofMillis(300))
            .build();
    ConfigClient client = await(ConfigClient.open(vertx, kv, options));
    publish(Publication.ofFlag(8, "alice", false));

    server.faults().next(1, "GET", "/values/").stallInBody();
    expect(client, State.STALE, 7);
    expect(client, State.FRESH, 8);
    await(client.close());
    await(kv.close());
  }

  @Test
  void startsWhileTheStoreIsDownAndHealsByItself() {
    var outage = new HashMap<>(env);
    outage.put("SATCHEL_POLL_INTERVAL", "0.05s");
    server.faults().next(3, "GET", "/metadata/").answers(503);

    ConfigClient client = await(ConfigClient.fromEnv(vertx, outage));
    assertThat(client.status().state()).isEqualTo(State.EMPTY);

    until("a snapshot in use", () -> client.status().isReady());
    assertThat(client.getBoolean("alice", FLAG, false)).isTrue();
    await(client.close());
  }

  @Test
  void saysWhatTheStoreRefusedAndNeverTheToken() {
    var wrong = new HashMap<>(env);
    wrong.put("CLOUDFLARE_API_TOKEN", "another-token-that-nobody-may-see");

    ConfigClient client = await(ConfigClient.fromEnv(vertx, wrong));

    assertThat(client.status().lastFailure()).contains("403").doesNotContain("nobody-may-see");
    await(client.close());
  }

  @Test
  void namesAllThatIsMissingFromTheEnvironment() {
    assertThatThrownBy(() -> ConfigClient.openBlocking(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CLOUDFLARE_ACCOUNT_ID")
        .hasMessageContaining("CLOUDFLARE_WORKERS_KV_NAMESPACE_ID")
        .hasMessageContaining("CLOUDFLARE_API_TOKEN");
  }
}
