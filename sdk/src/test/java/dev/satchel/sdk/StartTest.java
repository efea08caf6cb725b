package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.kv.MemoryKv;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.ConfigClientOptions.WhenExpired;
import dev.satchel.sdk.ConfigClientOptions.WhenNothing;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The source, else the copy on disk, else the bundle, else the caller's defaults. */
final class StartTest {
  private static final String KEY = ConfigClientOptions.DEFAULT_KEY;
  private static final Instant START = Instant.parse("2026-03-01T13:00:00Z");

  /** Long for a source that is there, and short for one that is not. */
  private static final Duration START_TIMEOUT = Duration.ofSeconds(1);

  @TempDir Path directory;
  private final MemoryKv kv = new MemoryKv();
  private volatile Instant now = START;

  private ConfigClientOptions.Builder options() {
    return ConfigClientOptions.builder()
        .pollInterval(Duration.ofHours(1))
        .startTimeout(START_TIMEOUT)
        .clock(() -> now);
  }

  private ConfigClient open(ConfigClientOptions.Builder options) {
    return await(Waiting.opening(kv, options.build()));
  }

  private void keepCopyOf(long revision) {
    Publication.ofFlag(revision, "alice", true).putTo(kv, KEY);
    open(options().copyDirectory(directory)).close();
  }

  private Path bundle(long revision) throws IOException {
    Path file = directory.resolve("bundled.bin");
    return Files.write(file, Publication.ofFlag(revision, "alice", true).value());
  }

  @Test
  void takesTheSourceBeforeTheCopyAndTheCopyBeforeTheBundle() throws IOException {
    Path bundled = bundle(5);
    keepCopyOf(6);
    Publication.ofFlag(7, "alice", true).putTo(kv, KEY);
    var options = options().copyDirectory(directory).bundledFile(bundled);

    assertThat(open(options).status().revision()).isEqualTo(7);
    kv.set(MemoryKv.Mode.REFUSING);
    assertThat(open(options).status().revision()).isEqualTo(7); // the copy of a moment ago
    for (Path copy : copies()) {
      Files.delete(copy);
    }
    ConfigClient bundledOnly = open(options);
    assertThat(bundledOnly.status().revision()).isEqualTo(5);
    assertThat(bundledOnly.status().state()).isEqualTo(State.STALE);
    assertThat(bundledOnly.status().lastChecked()).isNull();
    Files.delete(bundled);
    assertThat(open(options).status().state()).isEqualTo(State.EMPTY);
  }

  private Path[] copies() throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".satchel")).toArray(Path[]::new);
    }
  }

  @Test
  void knowsOfACopyWhenTheSourceAgreedWithIt() {
    keepCopyOf(7);
    now = START.plusSeconds(600);
    open(options().copyDirectory(directory)).close(); // agrees again, ten minutes later
    kv.set(MemoryKv.Mode.REFUSING);
    now = START.plusSeconds(1_200);

    ClientStatus status =
        open(options().copyDirectory(directory).expireAfter(Duration.ofHours(2))).status();

    assertThat(status.lastChecked()).isEqualTo(START.plusSeconds(600));
    assertThat(status.state()).isEqualTo(State.STALE);
    assertThat(status.lastFailure()).contains("503");
  }

  @Test
  void doesNotFetchWhatTheCopyAlreadyHolds() {
    keepCopyOf(7);
    kv.set(MemoryKv.Mode.REFUSING);
    ConfigClient client = open(options().copyDirectory(directory));
    int fetches = kv.valueReads();

    kv.set(MemoryKv.Mode.SOUND);
    ClientStatus status = await(client.refreshNow());

    assertThat(status.state()).isEqualTo(State.FRESH);
    assertThat(kv.valueReads()).isEqualTo(fetches);
  }

  @Test
  void startsFromTheCopyWhenTheSourceIsNotThereInTime() {
    keepCopyOf(7);
    kv.set(MemoryKv.Mode.STALLED);

    ConfigClient client =
        open(options().copyDirectory(directory).startTimeout(Duration.ofMillis(50)));

    assertThat(client.getBoolean("alice", "preview_features_enabled", false)).isTrue();
  }

  @Test
  void refusesWhatIsOlderThanItsCopyWhateverTheSourceSays() {
    keepCopyOf(9);
    kv.set(MemoryKv.Mode.REFUSING);
    ConfigClient client = open(options().copyDirectory(directory));
    kv.set(MemoryKv.Mode.SOUND);
    Publication.ofFlag(8, "alice", false).putTo(kv, KEY);

    ClientStatus status = await(client.refreshNow());

    assertThat(status.revision()).isEqualTo(9);
    assertThat(status.lastFailure()).contains("expected a revision above 9");
  }

  @Test
  void startsFromAResourceOnTheClassPath() throws IOException {
    bundle(5);
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    kv.set(MemoryKv.Mode.REFUSING);
    try (var loader = new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
      Thread.currentThread().setContextClassLoader(loader);
      assertThat(open(options().bundledResource("bundled.bin")).status().revision()).isEqualTo(5);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void doesNotGoBackFromItsBundleToWhatASlowSourceHas(boolean saysItsRevision) throws Exception {
    byte[] older = Publication.ofFlag(5, "alice", false).value();
    var answered = new CompletableFuture<Void>();
    var slow =
        new SnapshotSource() {
          @Override
          public Optional<Announcement> announcement() {
            answered.join();
            long revision = saysItsRevision ? 5 : Announcement.UNKNOWN;
            return Optional.of(new Announcement("5", revision, null, older.length));
          }

          @Override
          public Optional<byte[]> value(Announcement announced) {
            return Optional.of(older.clone());
          }
        };
    var options = options().startTimeout(Duration.ofMillis(50)).bundledFile(bundle(6)).build();
    try (ConfigClient client = ConfigClient.openBlocking(slow, options)) {
      assertThat(client.status().revision()).isEqualTo(6);
      answered.complete(null);

      ClientStatus status = await(client.refreshNow());

      assertThat(status.revision()).isEqualTo(6);
      assertThat(status.lastFailure()).contains("expected a revision above 6");
    }
  }

  @Test
  void startsFromTheBundleIfItIsNewerThanTheCopy() throws IOException {
    keepCopyOf(6);
    kv.set(MemoryKv.Mode.REFUSING);
    var options = options().copyDirectory(directory).bundledFile(bundle(7));

    assertThat(open(options).status().revision()).isEqualTo(7);
  }

  @Test
  void tellsOfABundleThatIsNotThereThoughTheSourceIs() throws Exception {
    Publication.ofFlag(7, "alice", true).putTo(kv, KEY);
    Path nowhere = directory.resolve("not-there.satchel");
    try (var log = LoggedLines.open();
        ConfigClient client = open(options().bundledFile(nowhere))) {
      await(client.refreshNow());
      await(client.refreshNow());

      assertThat(log.containing("bundled"))
          .containsExactly(
              "WARN the bundled snapshot, file %s, is not there: no such file or folder"
                  .formatted(nowhere));
    }
  }

  @Test
  void goesOnWithoutABundleThatIsMissingOrTorn() throws IOException {
    kv.set(MemoryKv.Mode.REFUSING);
    Path torn = bundle(5);
    byte[] whole = Files.readAllBytes(torn);
    Files.write(torn, java.util.Arrays.copyOf(whole, whole.length - 1));
    try (var log = LoggedLines.open()) {
      assertThat(open(options().bundledFile(torn)).status().state()).isEqualTo(State.EMPTY);
      assertThat(open(options().bundledResource("no-such")).status().state())
          .isEqualTo(State.EMPTY);
      assertThat(log.containing("cannot use the snapshot bundled")).hasSize(2);
    }
  }

  @Test
  void failsOnlyIfThereIsNothingToStartFrom() throws IOException {
    kv.set(MemoryKv.Mode.REFUSING);
    var failing = options().whenNothing(WhenNothing.FAIL);

    assertThatThrownBy(() -> open(failing)).hasMessageContaining("503");
    assertThat(open(failing.bundledFile(bundle(5))).status().revision()).isEqualTo(5);
  }

  @Test
  void answersDefaultsOnceExpiredIfToldSoAndServesAgainWhenTheSourceAgrees() {
    Publication.ofFlag(7, "alice", true).putTo(kv, KEY);
    ConfigClient client =
        open(options().expireAfter(Duration.ofHours(2)).whenExpired(WhenExpired.ANSWER_DEFAULTS));
    try (var log = LoggedLines.open()) {
      kv.set(MemoryKv.Mode.REFUSING);
      now = START.plus(Duration.ofHours(2));
      ClientStatus expired = await(client.refreshNow());
      assertThat(expired.state()).isEqualTo(State.EXPIRED);
      assertThat(expired.isReady()).isFalse();
      assertThat(client.getBoolean("alice", "preview_features_enabled", false)).isFalse();
      assertThat(log.containing("now EXPIRED, no longer serving revision 7")).hasSize(1);

      kv.set(MemoryKv.Mode.SOUND);
      assertThat(await(client.refreshNow()).isReady()).isTrue();
      assertThat(client.getBoolean("alice", "preview_features_enabled", false)).isTrue();
    }
  }

  @Test
  void keepsServingOnceExpiredUnlessToldOtherwise() {
    Publication.ofFlag(7, "alice", true).putTo(kv, KEY);
    ConfigClient client = open(options().expireAfter(Duration.ofHours(2)));

    now = START.plus(Duration.ofHours(2));

    assertThat(client.status().state()).isEqualTo(State.EXPIRED);
    assertThat(client.getBoolean("alice", "preview_features_enabled", false)).isTrue();
  }

  @Test
  void expiresByItselfThoughNoAttemptIsMade() {
    Publication.ofFlag(7, "alice", true).putTo(kv, KEY);
    ConfigClient client =
        await(
            Waiting.opening(
                kv,
                ConfigClientOptions.builder()
                    .pollInterval(Duration.ofMillis(50))
                    .expireAfter(Duration.ofMillis(400))
                    .whenExpired(WhenExpired.ANSWER_DEFAULTS)
                    .build()));
    assertThat(client.hasUser("alice")).isTrue();

    kv.set(MemoryKv.Mode.STALLED);

    until("defaults", () -> !client.hasUser("alice"));
  }

  @Test
  void keepsToAPinnedRevisionAndThenAsksNoMore() {
    Publication.ofFlag(7, "alice", true).putTo(kv, KEY + "@7");
    Publication.ofFlag(8, "alice", false).putTo(kv, KEY);
    ConfigClient client = open(options().pinnedRevision(7));
    int asked = kv.metadataReads();

    now = START.plus(Duration.ofDays(1));
    ClientStatus status = await(client.refreshNow());

    assertThat(status.revision()).isEqualTo(7);
    assertThat(status.state()).isEqualTo(State.FRESH);
    assertThat(kv.metadataReads()).isEqualTo(asked);
  }

  @Test
  void refusesAnotherRevisionThanThePinnedOne() {
    Publication.ofFlag(8, "alice", true).putTo(kv, KEY + "@7");

    ClientStatus status = open(options().pinnedRevision(7)).status();

    assertThat(status.state()).isEqualTo(State.EMPTY);
    assertThat(status.lastFailure()).contains("expected the pinned revision 7 but found 8");
  }
}
