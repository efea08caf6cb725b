package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.kv.Digests;
import dev.satchel.kv.RestWriter;
import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.kv.local.LocalKvServer;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.ConfigClientOptions.WhenNothing;
import dev.satchel.sdk.source.FileSource;
import dev.satchel.sdk.source.HttpSource;
import dev.satchel.sdk.source.MemorySource;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.snapshot.SigningKey;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody can make an application believe who may write whatever he likes to its namespace,
 * disk and class path, but has no signing key: nothing.
 */
final class SignaturesTest {
  private static final String FLAG = "preview_features_enabled";
  private static final String KEY = ConfigClientOptions.DEFAULT_KEY;
  private static final SigningKey OURS = SigningKey.generate();
  private static final SigningKey NEXT = SigningKey.generate();
  private static final SigningKey FOREIGN = SigningKey.generate();

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
                LocalKvOptions.in(directory.resolve("kv"))
                    .withToken("t")
                    .withNamespace("ns", "configs")));
    env =
        Map.of(
            "CLOUDFLARE_API_TOKEN", "t",
            "CLOUDFLARE_ACCOUNT_ID", "account",
            "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "ns",
            "CLOUDFLARE_API_BASE_URL", server.baseUrl(),
            "SATCHEL_POLL_INTERVAL", "1h",
            "SATCHEL_PUBLIC_KEYS", OURS.verifyingKey().text());
    writer = new RestWriter(env);
    publish(signed(7, true, OURS, KEY));
  }

  @AfterEach
  void close() {
    await(server.close());
    await(vertx.close());
  }

  private static byte[] plain(long revision, boolean enabled) {
    return Publication.ofFlag(revision, "alice", enabled).value().clone();
  }

  private static byte[] signed(long revision, boolean enabled, SigningKey by, String kvKey) {
    return by.sign(plain(revision, enabled), kvKey);
  }

  /** With metadata that fits it, whoever made it. */
  private void publish(byte[] value) {
    publish(KEY, Publication.announcing(revisionIn(value), value));
  }

  private void publish(String key, Publication publication) {
    writer.put(key, publication.value(), publication.metadata());
  }

  private static long revisionIn(byte[] value) {
    return java.nio.ByteBuffer.wrap(value).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong(52);
  }

  private Map<String, String> with(String name, String value) {
    var changed = new HashMap<>(env);
    changed.put(name, value);
    return changed;
  }

  private static void expect(ConfigClient client, State state, long revision) {
    ClientStatus status = await(client.refreshNow());
    assertThat(status.state()).as("state, with failure %s", status.lastFailure()).isEqualTo(state);
    assertThat(status.revision()).isEqualTo(revision);
  }

  private static void expectRefused(ConfigClient client, String reason) {
    expect(client, State.STALE, 7);
    assertThat(client.status().lastFailure()).contains(reason);
    assertThat(client.getBoolean("alice", FLAG, false)).isTrue();
  }

  @Test
  void nothingThatIsForgedIsServedAndTheNextThatIsSignedIs() {
    ConfigClient client = await(ConfigClient.open(env));
    expect(client, State.FRESH, 7);

    publish(plain(8, false));
    expectRefused(client, "but found none");
    publish(signed(9, false, FOREIGN, KEY));
    expectRefused(client, "but found one by " + FOREIGN.verifyingKey().id());
    publish(signed(10, false, OURS, "user-configs-of-the-tests"));
    expectRefused(client, "does not belong");
    publish(transplanted(signed(11, false, OURS, KEY), signed(12, false, FOREIGN, KEY)));
    expectRefused(client, "does not belong");
    publish(renumbered(signed(7, true, OURS, KEY), 13));
    expectRefused(client, "does not belong");
    byte[] flipped = signed(14, false, OURS, KEY);
    flipped[flipped.length - 1] ^= 1;
    publish(flipped);
    expectRefused(client, "no sound snapshot");
    publish(signed(6, false, OURS, KEY));
    expectRefused(client, "expected a revision above 7");

    publish(signed(15, false, OURS, KEY));
    expect(client, State.FRESH, 15);
    assertThat(client.getBoolean("alice", FLAG, true)).isFalse();
    client.close();
  }

  @Test
  void aValueThatIsBehindItsMetadataIsFetchedAgain() {
    ConfigClient client = await(ConfigClient.open(env));
    byte[] next = signed(8, false, OURS, KEY);
    Publication announced = Publication.announcing(8, next);

    for (byte[] behind : List.of(signed(7, true, OURS, KEY), plain(8, false))) {
      publish(KEY, new Publication(behind, announced.metadata()));
      expectRefused(client, "expected a value with sha256 " + Digests.sha256(next));
    }

    publish(KEY, announced);
    expect(client, State.FRESH, 8);
    client.close();
  }

  @Test
  void aFieldThatNobodyUsesYetIsCheckedBeforeTheSwap() {
    ConfigClient client = await(ConfigClient.open(env));
    byte[] altered = OURS.sign(Publication.ofBrokenNotes(8).value().clone(), KEY);

    publish(altered);

    expectRefused(client, "no sound snapshot");
    client.close();
  }

  @Test
  void anOlderRevisionIsRefusedAfterARestartAsLongAsItsCopyIsThere() {
    var kept = with("SATCHEL_COPY_DIR", directory.resolve("copies").toString());
    publish(signed(9, false, OURS, KEY));
    ConfigClient before = await(ConfigClient.open(kept));
    expect(before, State.FRESH, 9);
    before.close();

    publish(signed(8, true, OURS, KEY));
    ConfigClient after = await(ConfigClient.open(kept));

    expect(after, State.STALE, 9);
    assertThat(after.getBoolean("alice", FLAG, true)).isFalse();
    after.close();
  }

  private static String copy(long revision, byte[] value) {
    String source = MemorySource.empty().identity();
    return "%s@%d.%s.satchel"
        .formatted(DiskCopy.prefix(KEY, source), revision, Digests.sha256(value));
  }

  @Test
  void aForgedCopyOnDiskIsNotServed() throws IOException {
    Path copies = directory.resolve("copies");
    var options = options().copyDirectory(copies).whenNothing(WhenNothing.FAIL);
    Files.createDirectories(copies);
    for (byte[] forged : List.of(plain(9, false), signed(8, false, FOREIGN, KEY))) {
      Files.write(copies.resolve(copy(revisionIn(forged), forged)), forged);
    }

    assertThatThrownBy(() -> await(ConfigClient.open(MemorySource.empty(), options.build())))
        .isInstanceOf(IllegalStateException.class);

    byte[] sound = signed(7, true, OURS, KEY);
    Files.write(copies.resolve(copy(7, sound)), sound);
    ConfigClient client = await(ConfigClient.open(MemorySource.empty(), options.build()));
    assertThat(client.status().revision()).isEqualTo(7);
    client.close();
  }

  @Test
  void aForgedBundleIsNotServed() throws IOException {
    Path bundled = directory.resolve("bundled.satchel");
    var options = options().bundledFile(bundled).whenNothing(WhenNothing.FAIL).build();
    for (byte[] forged : List.of(plain(9, false), signed(9, false, FOREIGN, KEY))) {
      Files.write(bundled, forged);
      assertThatThrownBy(() -> await(ConfigClient.open(MemorySource.empty(), options)))
          .isInstanceOf(IllegalStateException.class);
    }

    Files.write(bundled, signed(7, true, OURS, KEY));
    ConfigClient client = await(ConfigClient.open(MemorySource.empty(), options));
    assertThat(client.status().revision()).isEqualTo(7);
    client.close();
  }

  @Test
  void aFileAndAnAddressAreHeldToTheKeyOfTheOptions() throws IOException {
    Path file = directory.resolve("file.satchel");
    for (byte[] forged :
        List.of(plain(9, false), signed(9, false, FOREIGN, KEY), signed(9, false, OURS, "else"))) {
      Files.write(file, forged);
      HttpServer web =
          await(
              vertx
                  .createHttpServer()
                  .requestHandler(
                      request ->
                          request
                              .response()
                              .putHeader("ETag", "\"" + Digests.sha256(forged) + "\"")
                              .end(io.vertx.core.buffer.Buffer.buffer(forged)))
                  .listen(0, "127.0.0.1"));
      var address = URI.create("http://127.0.0.1:" + web.actualPort() + "/snapshot");

      for (SnapshotSource source : List.of(FileSource.of(file), HttpSource.of(address))) {
        ConfigClient client = await(ConfigClient.open(source, options().build()));
        assertThat(client.status().state()).isEqualTo(State.EMPTY);
        assertThat(client.status().lastFailure()).contains("expected a signature by");
        client.close();
      }
      await(web.close());
    }

    Files.write(file, signed(9, true, OURS, KEY));
    ConfigClient client = await(ConfigClient.open(FileSource.of(file), options().build()));
    assertThat(client.status().revision()).isEqualTo(9);
    client.close();
  }

  @Test
  void aKeptCopyIsSignedForTheKeyItWasPublishedUnder() {
    byte[] old = signed(5, false, OURS, KEY);
    publish(KEY + "@5", Publication.announcing(5, old));

    ConfigClient client = await(ConfigClient.open(with("SATCHEL_PINNED_REVISION", "5")));

    expect(client, State.FRESH, 5);
    client.close();
  }

  @Test
  void keysAreChangedWithoutAGapByNamingBothForAWhile() {
    String both = OURS.verifyingKey().text() + ", " + NEXT.verifyingKey().text();
    ConfigClient client = await(ConfigClient.open(with("SATCHEL_PUBLIC_KEYS", both)));
    expect(client, State.FRESH, 7);

    publish(signed(8, false, NEXT, KEY));
    expect(client, State.FRESH, 8);
    publish(signed(9, true, OURS, KEY));
    expect(client, State.FRESH, 9);
    publish(signed(10, true, FOREIGN, KEY));
    expect(client, State.STALE, 9);
    client.close();
  }

  @Test
  void whoNamesNoKeyReadsWhatIsSignedAndWhatIsNot() {
    ConfigClient client = await(ConfigClient.open(with("SATCHEL_PUBLIC_KEYS", "")));

    expect(client, State.FRESH, 7);
    publish(plain(8, false));
    expect(client, State.FRESH, 8);
    client.close();
  }

  @Test
  void aKeyThatIsNoneStopsTheApplicationAndIsNotShown() {
    String wrong = OURS.toPem().lines().skip(1).findFirst().orElseThrow();

    assertThatThrownBy(() -> ConfigClientOptions.fromEnv(with("SATCHEL_PUBLIC_KEYS", wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("SATCHEL_PUBLIC_KEYS: expected an Ed25519 public key")
        .hasMessageNotContaining(wrong.substring(10, 40));
    assertThat(ConfigClientOptions.fromEnv(env))
        .asString()
        .contains("publicKeys=[" + OURS.verifyingKey().id() + "]");
  }

  private static ConfigClientOptions.Builder options() {
    return ConfigClientOptions.builder()
        .pollInterval(Duration.ofHours(1))
        .publicKeys(List.of(OURS.verifyingKey()));
  }

  /** The second with the signature of the first, as if the first's signer had made it. */
  private static byte[] transplanted(byte[] from, byte[] to) {
    byte[] forged = to.clone();
    int end = headerEnd(forged);
    System.arraycopy(from, headerEnd(from) - 72, forged, end - 72, 72);
    return sealed(forged);
  }

  private static byte[] renumbered(byte[] value, long revision) {
    byte[] forged = value.clone();
    java.nio.ByteBuffer.wrap(forged).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(52, revision);
    return sealed(forged);
  }

  private static byte[] sealed(byte[] forged) {
    int end = headerEnd(forged);
    byte[] catalog = bytes(Digests.sha256(java.util.Arrays.copyOfRange(forged, 100, end)));
    System.arraycopy(catalog, 0, forged, 68, 32);
    byte[] header = bytes(Digests.sha256(java.util.Arrays.copyOfRange(forged, 52, end)));
    System.arraycopy(header, 0, forged, 20, 32);
    // a forgery that readers without keys would take
    assertThat(Snapshot.open(forged).users()).isEqualTo(1);
    return forged;
  }

  private static byte[] bytes(String hex) {
    return java.util.HexFormat.of().parseHex(hex);
  }

  private static int headerEnd(byte[] value) {
    return 8 + java.nio.ByteBuffer.wrap(value).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(4);
  }
}
