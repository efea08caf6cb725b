package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.Digests;
import dev.satchel.kv.MemoryKv;
import dev.satchel.kv.PublishedPatch;
import dev.satchel.sdk.ClientStatus.Fetched;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.snapshot.SigningKey;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client fetches when a source has patches, and what it does when they are wrong. */
final class PatchesTest {
  private static final String KEY = ConfigClientOptions.DEFAULT_KEY;
  private static final int USERS = 2_000;

  @TempDir Path directory;
  private final MemoryKv kv = new MemoryKv();
  private final boolean[] flags = new boolean[USERS];
  private long revision = 10;
  private byte[] value = new byte[0];
  private @Nullable PublishedPatch patch;
  private @Nullable SigningKey signer;
  private @Nullable SigningKey patchSigner;
  private String patchSignedFor = KEY;
  private @Nullable ConfigClient client;

  @AfterEach
  void close() {
    if (client != null) {
      client.close();
    }
  }

  @Test
  void aClientThatHoldsTheRevisionBeforeFetchesThePatchAlone() {
    publish();
    open(ConfigClientOptions.builder());
    publishChange(7);

    refresh();

    assertThat(kv.valuesRead()).containsExactly(KEY, patchKey(revision));
    assertIsInUse();
    assertThat(client().getBoolean(id(7), "flag", false)).isTrue();
  }

  @Test
  void aClientThatIsAFewRevisionsBehindFollowsThePatchesBackwards() {
    publish();
    open(ConfigClientOptions.builder());
    publishChange(1);
    publishChange(2);
    publishChange(3);

    refresh();

    assertThat(kv.valuesRead())
        .containsExactly(KEY, patchKey(revision), patchKey(revision - 1), patchKey(revision - 2));
    assertIsInUse();
  }

  @Test
  void patchesThatAreTooManyOrTooLargeTogetherAreNotFollowed() {
    publish();
    open(ConfigClientOptions.builder().requestBudget(10_000));
    for (int i = 0; i < 17; i++) {
      publishChange(i);
    }

    refresh();

    assertThat(kv.valuesRead()).hasSize(1 + 16 + 1).endsWith(KEY);
    assertIsInUse();
  }

  @Test
  void whateverIsWrongWithAPatchIsToldOnceAndCostsOneFetchOfTheValue() {
    Map<String, UnaryOperator<byte @Nullable []>> faults =
        Map.of(
            "found none", bytes -> null,
            "of 5 bytes", bytes -> bytes,
            "but found", bytes -> flipped(bytes, bytes.length - 1));
    faults.forEach(
        (words, fault) -> {
          kv.valuesRead().clear();
          publish();
          open(ConfigClientOptions.builder());
          try (var lines = LoggedLines.open()) {
            for (int again = 0; again < 2; again++) {
              publishChange(again);
              byte[] wrong = fault.apply(kvValue(patchKey(revision)));
              if (wrong == null) {
                kv.remove(patchKey(revision));
              } else if (words.equals("of 5 bytes")) {
                announce(new PublishedPatch(revision - 1, 5, "ab".repeat(32)));
              } else {
                kv.put(patchKey(revision), wrong, null);
              }
              refresh();
              assertIsInUse();
              assertThat(kv.valuesRead()).endsWith(patchKey(revision), KEY);
            }
            assertThat(lines.containing("no patch, fetching the value"))
                .as(words)
                .hasSize(1)
                .allMatch(line -> line.contains(words));
          }
          client().close();
        });
  }

  @Test
  void aPatchOfAnotherKeyOrFromAnotherContentIsNotUsed() {
    publish();
    open(ConfigClientOptions.builder());
    publishChange(1);
    byte[] other = encode(revision - 1, 5);
    byte[] foreign = Publication.patch(other, value, null);
    kv.put(patchKey(revision), foreign, null);
    announce(new PublishedPatch(revision - 1, foreign.length, Digests.sha256(foreign)));

    refresh();

    assertThat(kv.valuesRead()).endsWith(patchKey(revision), KEY);
    assertIsInUse();
  }

  @Test
  void aPatchCannotLeadToContentThatWasNotSigned() {
    SigningKey ours = SigningKey.generate();
    signer = ours;
    patchSigner = ours;
    publish();
    open(ConfigClientOptions.builder().publicKeys(List.of(ours.verifyingKey())));
    assertThat(client().status().state()).isEqualTo(State.FRESH);
    publishChange(1);
    refresh();
    assertThat(kv.valuesRead()).containsExactly(KEY, patchKey(revision));
    assertIsInUse();

    long inUse = revision;
    signer = SigningKey.generate();
    publishChange(2);
    refresh();

    assertThat(client().view().revision()).isEqualTo(inUse);
    assertThat(client().status().lastFailure()).contains("expected a signature by");
  }

  @Test
  void aPatchThatNoneOfTheKeysSignedForThisKeyIsNotUsed() {
    SigningKey ours = SigningKey.generate();
    signer = ours;
    publish();
    open(ConfigClientOptions.builder().publicKeys(List.of(ours.verifyingKey())));
    publishChange(1);
    refreshToTheValue();
    patchSigner = SigningKey.generate();
    publishChange(2);
    refreshToTheValue();
    patchSigner = ours;
    patchSignedFor = "another-key";
    publishChange(3);
    refreshToTheValue();
  }

  private void refreshToTheValue() {
    refresh();
    assertThat(kv.valuesRead()).endsWith(patchKey(revision), KEY);
    assertIsInUse();
  }

  @Test
  void theCopyOnDiskIsTheWholeValueThatWasPublished() throws IOException {
    publish();
    open(ConfigClientOptions.builder().copyDirectory(directory));
    for (int i = 0; i < 3; i++) {
      publishChange(i);
      refresh();
      assertThat(copies()).anyMatch(file -> holds(file, value));
    }
    assertThat(kv.valuesRead()).containsOnlyOnce(KEY);
  }

  @Test
  void aCopyThatIsDamagedOrGoneIsWrittenAnewFromWhatIsInMemory() throws IOException {
    publish();
    open(ConfigClientOptions.builder().copyDirectory(directory));
    client().getString(id(1), "note", "");
    for (Path file : copies()) {
      Files.write(file, flipped(Files.readAllBytes(file), 5_000));
    }
    publishChange(1);
    refresh();
    assertThat(copies()).anyMatch(file -> holds(file, value));
    for (Path file : copies()) {
      Files.delete(file);
    }
    publishChange(2);
    refresh();
    assertThat(copies()).anyMatch(file -> holds(file, value));
  }

  @Test
  void reportsSayWhatWasFetched() throws InterruptedException {
    publish();
    open(ConfigClientOptions.builder());
    var reports = new java.util.concurrent.LinkedBlockingQueue<RefreshReport>();
    client().onRefresh(reports::add);
    publishChange(1);
    refresh();
    RefreshReport report = reports.take();
    assertThat(report.fetched()).isEqualTo(Fetched.PATCH);
    assertThat(report.fetchedBytes()).isEqualTo(patch == null ? -1 : patch.bytes());
    refresh();
    assertThat(reports.take().fetched()).isEqualTo(Fetched.NOTHING);
  }

  @Test
  void theStatusSaysWhatWasFetchedForTheRevisionInUseUntilTheNext() {
    publish();
    open(ConfigClientOptions.builder());
    assertThat(client().status().fetched()).isEqualTo(Fetched.VALUE);
    assertThat(client().status().fetchedBytes()).isEqualTo(value.length);
    publishChange(1);
    for (int i = 0; i < 2; i++) {
      refresh();
      ClientStatus status = client().status();
      assertThat(status.fetched()).isEqualTo(Fetched.PATCH);
      assertThat(status.fetchedBytes()).isEqualTo(patch == null ? -1 : patch.bytes());
    }
  }

  private void open(ConfigClientOptions.Builder options) {
    client =
        ConfigClient.openBlocking(
            SnapshotSource.of(kv, KEY), options.pollInterval(Duration.ofHours(1)).build());
  }

  private ConfigClient client() {
    return java.util.Objects.requireNonNull(client);
  }

  private void refresh() {
    client().refreshBlocking();
  }

  private void assertIsInUse() {
    Snapshot published = Snapshot.open(value);
    ConfigView view = client().view();
    assertThat(client().status().state()).isEqualTo(State.FRESH);
    assertThat(view.revision()).isEqualTo(revision);
    assertThat(view.bytes()).isEqualTo(value.length);
    for (int i = 0; i < USERS; i++) {
      assertThat(view.getBoolean(id(i), "flag", !flags[i])).isEqualTo(flags[i]);
    }
    assertThat(java.util.Objects.requireNonNull(view.snapshot()).header())
        .isEqualTo(published.header());
  }

  private void publish() {
    revision++;
    value = encode(revision, -1);
    patch = null;
    announce(null);
  }

  private void publishChange(int user) {
    flags[user] ^= true;
    byte[] before = value;
    PublishedPatch earlier = patch;
    revision++;
    value = encode(revision, -1);
    byte[] bytes = Publication.patch(before, value, earlier);
    if (patchSigner != null) {
      bytes = patchSigner.signPatch(bytes, patchSignedFor);
    }
    patch = new PublishedPatch(revision - 1, bytes.length, Digests.sha256(bytes));
    kv.put(patchKey(revision), bytes, null);
    announce(patch);
  }

  private void announce(@Nullable PublishedPatch named) {
    Map<String, Object> metadata =
        new HashMap<>(Publication.announcing(revision, value).metadata());
    if (named != null) {
      metadata.put(PublishedPatch.PATCH, named.toMap());
    }
    kv.put(KEY, value, metadata);
  }

  private byte[] encode(long asRevision, int flipped) {
    var encoder = new SnapshotEncoder(List.of("flag", "note"));
    var random = new Random(3);
    for (int i = 0; i < USERS; i++) {
      encoder.add(
          id(i), new Object[] {flags[i] ^ i == flipped, Long.toString(random.nextLong(), 36)});
    }
    byte[] bytes = encoder.encode(asRevision, Publication.PUBLISHED_AT);
    return signer == null ? bytes : signer.sign(bytes, KEY);
  }

  private static UUID id(int user) {
    return new UUID(user * 0x9E3779B97F4A7C15L, ~user * 0xD6E8FEB86659FD93L);
  }

  private byte[] kvValue(String key) {
    try {
      byte[] found = kv.value(key, 0).orElseThrow();
      kv.valuesRead().remove(kv.valuesRead().size() - 1);
      return found;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String patchKey(long revision) {
    return PublishedPatch.key(KEY, revision);
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    changed[at] ^= 1;
    return changed;
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".satchel")).toList();
    }
  }

  private static boolean holds(Path file, byte[] expected) {
    try {
      return java.util.Arrays.equals(Files.readAllBytes(file), expected);
    } catch (IOException e) {
      return false;
    }
  }
}
