package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.source.FileSource;
import dev.satchel.sdk.source.HttpSource;
import dev.satchel.sdk.source.MemorySource;
import dev.satchel.sdk.source.SnapshotSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources in memory and in files; {@link HttpSourceTest} has the one over HTTP. */
final class SourcesTest {
  private static final ConfigClientOptions OPTIONS =
      ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).build();

  @TempDir Path directory;

  private ConfigClient open(SnapshotSource source) {
    return await(ConfigClient.open(source, OPTIONS));
  }

  private static byte[] value(long revision) {
    return Publication.ofFlag(revision, "alice", true).value().clone();
  }

  private static void untilRevision(ConfigClient client, long revision) {
    until("revision " + revision, () -> client.status().revision() == revision);
  }

  @Test
  void memoryIsSeenAtOnceByEveryClient() {
    MemorySource source = MemorySource.of(value(1));
    ConfigClient one = open(source);
    ConfigClient other = open(source);

    source.put(value(2));

    untilRevision(one, 2);
    untilRevision(other, 2);
  }

  @Test
  void memoryFailsAndHealsAsItIsTold() {
    MemorySource source = MemorySource.of(value(1));
    ConfigClient client = open(source);

    source.fail(new IllegalStateException("out for lunch"));
    until("STALE", () -> client.status().state() == State.STALE);
    assertThat(client.status().lastFailure()).isEqualTo("out for lunch");
    source.heal();
    until("FRESH", () -> client.status().state() == State.FRESH);
    source.remove();
    until("STALE again", () -> client.status().state() == State.STALE);
    assertThat(client.status().lastFailure()).isEqualTo("nothing is published under memory");
  }

  @Test
  void aFileIsWatchedFromBeforeItIsThere() throws IOException {
    Path file = directory.resolve("users.satchel");
    ConfigClient client = open(FileSource.of(file));
    assertThat(client.status().lastFailure()).contains("nothing is published under " + file);

    Files.write(file, value(1));
    untilRevision(client, 1);
    Path next = Files.write(directory.resolve("next"), value(2));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    untilRevision(client, 2);
  }

  @Test
  void aFileThatIsTornIsRefusedUntilItIsWhole() throws IOException {
    Path file = Files.write(directory.resolve("users.satchel"), value(1));
    ConfigClient client = open(FileSource.of(file));

    Files.write(file, Arrays.copyOf(value(2), value(2).length - 1));
    // not by the first refresh that ends: it may have begun before the file was torn
    String refusal = "no sound snapshot under " + file;
    until("a refusal", () -> String.valueOf(client.status().lastFailure()).contains(refusal));
    assertThat(client.status().revision()).isEqualTo(1);
    Files.write(file, value(2));
    untilRevision(client, 2);
  }

  @Test
  void ofAFolderTheNewestFileIsUsed() throws IOException {
    ConfigClient client = open(FileSource.of(directory));
    Files.write(directory.resolve("b.satchel"), value(1));
    Files.write(directory.resolve("notes.txt"), new byte[] {1});
    untilRevision(client, 1);

    Path newer = Files.write(directory.resolve("a.satchel"), value(2));
    Files.setLastModifiedTime(
        newer, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 5_000));

    untilRevision(client, 2);
  }

  @Test
  void aLinkThatLeadsNowhereDoesNotHideTheFileBesideIt() throws IOException {
    Files.write(directory.resolve("a.satchel"), value(1));
    Files.createSymbolicLink(directory.resolve("b.satchel"), Path.of("gone"));

    assertThat(open(FileSource.of(directory)).status().revision()).isEqualTo(1);
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() throws IOException {
    Path file = directory.resolve("users.satchel");
    try (var large = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(30 << 20);
    }

    ClientStatus status = open(FileSource.of(file)).status();

    assertThat(status.lastFailure()).contains("26214400").contains("31457280");
  }

  @Test
  void anAddressIsEncryptedOrOnThisMachine() {
    for (String wrong :
        new String[] {"http://example.com/a", "ftp://localhost/a", "/a", "https:a"}) {
      assertThatThrownBy(() -> HttpSource.of(URI.create(wrong)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("https");
    }
    assertThat(HttpSource.of(URI.create("https://example.com:8443/a/b?token=secret")))
        .hasToString("https://example.com:8443/a/b");
  }
}
