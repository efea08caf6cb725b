package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.satchel.http.NetworkOptions;
import dev.satchel.kv.CloudflareKvReader;
import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.KvReader;
import dev.satchel.kv.RestWriter;
import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.kv.local.LocalKvServer;
import dev.satchel.sdk.ClientStatus.State;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client, our HTTP client and the local server, with real faults between them. */
final class ClientOverHttpTest {
  private static final String FLAG = "preview_features_enabled";
  private static final String TOKEN = "a-token-that-nobody-may-see";

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private LocalKvServer server;
  private RestWriter writer;
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
    writer = new RestWriter(env);
    publish(Publication.ofFlag(7, "alice", true));
  }

  @AfterEach
  void close() {
    await(server.close());
    await(vertx.close());
  }

  /** Counts the calls that reach the network. */
  private static final class CountingKv implements KvReader {
    private final AtomicInteger calls = new AtomicInteger();
    private final KvReader reader;

    CountingKv(CloudflareSettings settings) {
      reader = CloudflareKvReader.of(settings, NetworkOptions.defaults(), Duration.ofSeconds(30));
    }

    @Override
    public Optional<byte[]> value(String key, int expectedBytes) throws InterruptedException {
      calls.incrementAndGet();
      return reader.value(key, expectedBytes);
    }

    @Override
    public Optional<Map<String, @Nullable Object>> metadata(String key)
        throws InterruptedException {
      calls.incrementAndGet();
      return reader.metadata(key);
    }
  }

  private void publish(Publication publication) {
    writer.put(ConfigClientOptions.DEFAULT_KEY, publication.value(), publication.metadata());
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
    client.close();
  }

  @Test
  void keepsTheLastGoodViewThroughFaultsOfTheNetworkAndHeals() {
    ConfigClient client = await(ConfigClient.open(env));
    publish(Publication.ofFlag(8, "alice", false));

    server.faults().next(1, "GET", "/metadata/").answers(500);
    expect(client, State.STALE, 7);
    server.faults().next(1, "GET", "/values/").areCut();
    expect(client, State.STALE, 7);
    assertThat(client.getBoolean("alice", FLAG, false)).isTrue();

    expect(client, State.FRESH, 8);
    client.close();
  }

  @Test
  void leavesTheStoreAloneForAsLongAsItAsks() {
    var kv = new CountingKv(CloudflareSettings.fromEnv(env));
    var clock = new AtomicReference<>(Instant.parse("2026-03-01T13:00:00Z"));
    var options =
        ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).clock(clock::get).build();
    ConfigClient client = await(Waiting.opening(kv, options));
    publish(Publication.ofFlag(8, "alice", false));
    server.faults().next(1, "GET", "/metadata/").answers(429, Duration.ofSeconds(60));
    expect(client, State.STALE, 7);
    int calls = kv.calls.get();

    clock.updateAndGet(now -> now.plusSeconds(59));
    expect(client, State.STALE, 7);
    assertThat(kv.calls).hasValue(calls);
    clock.updateAndGet(now -> now.plusSeconds(1));
    expect(client, State.FRESH, 8);
    client.close();
  }

  @Test
  void keepsTheLastGoodViewWhateverLiesInTheStore() {
    ConfigClient client = await(ConfigClient.open(env));
    Publication next = Publication.ofFlag(8, "alice", false);
    byte[] flipped = next.value().clone();
    flipped[flipped.length / 2] ^= 1;
    byte[] bomb = Zstd.compress(new byte[256 << 20]);
    Map<String, Publication> unusable =
        Map.of(
            "expected a value with sha256", new Publication(flipped, next.metadata()),
            "in 0 bytes", new Publication(new byte[0], next.metadata()),
            "but found 8 in the snapshot", Publication.announcing(9, next.value().clone()),
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
    client.close();
  }

  @Test
  void refusesAnOlderSnapshotThatAnEventuallyConsistentStoreBringsBack() {
    ConfigClient client = await(ConfigClient.open(env));
    publish(Publication.ofFlag(8, "alice", false));
    expect(client, State.FRESH, 8);

    publish(Publication.ofFlag(7, "alice", true));
    expect(client, State.STALE, 8);
    assertThat(client.getBoolean("alice", FLAG, true)).isFalse();
    publish(Publication.ofFlag(8, "alice", false));
    expect(client, State.FRESH, 8);
    client.close();
  }

  @Test
  void readsAPinnedRevisionFromWhereThePublisherKeepsIt() {
    Publication old = Publication.ofFlag(5, "alice", false);
    writer.put(ConfigClientOptions.DEFAULT_KEY + "@5", old.value(), old.metadata());
    var pinned = new HashMap<>(env);
    pinned.put("SATCHEL_PINNED_REVISION", "5");

    ConfigClient client = await(ConfigClient.open(pinned));

    expect(client, State.FRESH, 5);
    client.close();
  }

  @Test
  void closesInTheMiddleOfAFetch() {
    ConfigClient client = await(ConfigClient.open(env));
    publish(Publication.ofFlag(8, "alice", false));
    server.faults().next(1, "GET", "/values/").stallInBody();
    CompletionStage<ClientStatus> underWay = client.refreshNow();

    client.close();
    client.close();

    assertThatThrownBy(() -> await(underWay)).hasMessage("the client is closed");
    assertThat(client.view().revision()).isEqualTo(7);
  }

  @Test
  void givesUpOnAnAnswerThatStallsInItsBody() {
    var kv = new CountingKv(CloudflareSettings.fromEnv(env));
    var options =
        ConfigClientOptions.builder()
            .pollInterval(Duration.ofHours(1))
            .callTimeout(Duration.ofMillis(300))
            .build();
    ConfigClient client = await(Waiting.opening(kv, options));
    publish(Publication.ofFlag(8, "alice", false));

    server.faults().next(1, "GET", "/values/").stallInBody();
    expect(client, State.STALE, 7);
    expect(client, State.FRESH, 8);
    client.close();
  }

  @Test
  void startsWhileTheStoreIsDownAndHealsByItself() {
    var outage = new HashMap<>(env);
    outage.put("SATCHEL_POLL_INTERVAL", "0.05s");
    outage.put("SATCHEL_START_TIMEOUT", "0.01s");
    server.faults().next(3, "GET", "/metadata/").answers(503);

    ConfigClient client = await(ConfigClient.open(outage));
    assertThat(client.status().state()).isEqualTo(State.EMPTY);

    until("a snapshot in use", () -> client.status().isReady());
    assertThat(client.getBoolean("alice", FLAG, false)).isTrue();
    client.close();
  }

  @Test
  void saysWhatTheStoreRefusedAndNeverTheToken() {
    var wrong = new HashMap<>(env);
    wrong.put("CLOUDFLARE_API_TOKEN", "another-token-that-nobody-may-see");

    ConfigClient client = await(ConfigClient.open(wrong));

    assertThat(client.status().lastFailure()).contains("403").doesNotContain("nobody-may-see");
    client.close();
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
