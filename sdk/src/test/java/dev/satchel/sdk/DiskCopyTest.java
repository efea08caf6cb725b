package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.Digests;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.source.MemorySource;
import dev.satchel.sdk.source.SnapshotSource;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskCopyTest {
  private static final Instant START = Instant.parse("2026-03-01T13:00:00Z");

  @TempDir Path temporary;
  private final MemorySource source = MemorySource.empty();
  private final MemorySource down = MemorySource.empty();
  private volatile Instant now = START;

  private Path directory() {
    return temporary.resolve("copies");
  }

  private static byte[] value(long revision) {
    return Publication.ofFlag(revision, "alice", true).value().clone();
  }

  private ConfigClient open(SnapshotSource from, Path copies) {
    return await(
        ConfigClient.open(
            from,
            ConfigClientOptions.builder()
                .pollInterval(Duration.ofHours(1))
                .copyDirectory(copies)
                .clock(() -> now)
                .build()));
  }

  private void publish(ConfigClient client, long revision) {
    source.put(value(revision));
    assertThat(await(client.refreshNow()).revision()).isEqualTo(revision);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      return files.sorted().toList();
    }
  }

  private long revisionAfterRestart() {
    ConfigClient client = open(down, directory());
    long revision = client.status().revision();
    client.close();
    return revision;
  }

  @Test
  void writingLeavesNoMemoryBehindInTheThreadsThatWrote() throws Exception {
    var copy = new DiskCopy(directory(), "user-configs", "a source");
    byte[] value = new byte[8 << 20];
    long before = directBytes();
    var threads = new ArrayList<Thread>();
    var written = new CountDownLatch(4);
    var measured = new CountDownLatch(1);
    for (int revision = 1; revision <= 4; revision++) {
      long next = revision;
      var thread =
          new Thread(
              () -> {
                copy.keep(next, Digests.sha256(value), value, START);
                written.countDown();
                await(measured); // what a thread keeps goes with it
              });
      threads.add(thread);
      thread.start();
    }
    await(written);
    long left = directBytes() - before;
    measured.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(files()).hasSize(2);
    assertThat(left).isLessThan(4 << 20);
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @Test
  void keepsTheNewestTwoAndNothingElse() throws IOException {
    source.put(value(1));
    ConfigClient client = open(source, directory());

    for (int revision = 2; revision <= 5; revision++) {
      publish(client, revision);
    }

    assertThat(files().stream().map(file -> file.getFileName().toString()))
        .hasSize(2)
        .allMatch(
            name -> name.matches("user-configs\\.[0-9a-f]{12}@[45]\\.[0-9a-f]{64}\\.satchel"));
    assertThat(Files.readAllBytes(files().get(1))).isEqualTo(value(5));
    assertThat(revisionAfterRestart()).isEqualTo(5);
  }

  @Test
  void ignoresTornCopiesWithOneWarningEachAndTakesTheOneBefore() throws IOException {
    source.put(value(1));
    ConfigClient client = open(source, directory());
    publish(client, 2);
    Path newest = files().get(1);
    Files.write(newest, Arrays.copyOf(value(2), 60));

    try (var log = LoggedLines.open()) {
      assertThat(revisionAfterRestart()).isEqualTo(1);
      assertThat(revisionAfterRestart()).isEqualTo(1);
      assertThat(log.containing("ignoring the copy")).hasSize(1);
    }
  }

  @Test
  void ignoresFlippedBytesWhereverTheyAre() throws IOException {
    var copies = new DiskCopy(directory(), "flipped", "a source");
    byte[] sound = value(1);
    try (var log = LoggedLines.open()) {
      for (int at = 0; at < sound.length; at += 5) {
        copies.keep(1, Digests.sha256(sound), sound, START);
        byte[] flipped = sound.clone();
        flipped[at] ^= 1;
        Files.write(files().get(0), flipped);

        assertThat(copies.newest(null, (bytes, sha256) -> bytes)).as("byte %d", at).isEmpty();
      }
      assertThat(log.containing("ignoring the copy")).hasSize((sound.length + 4) / 5);
    }
  }

  @Test
  void aCopyDamagedOnTheDiskIsWrittenAnewWhenItsRevisionComesAgain() throws IOException {
    source.put(value(1));
    ConfigClient client = open(source, directory());
    publish(client, 2);
    client.close();
    Path newest = files().get(1);
    byte[] damaged = value(2);
    damaged[damaged.length / 2] ^= 1;
    Files.write(newest, damaged);

    open(source, directory()).close();

    assertThat(Files.readAllBytes(newest)).isEqualTo(value(2));
    assertThat(revisionAfterRestart()).isEqualTo(2);
  }

  @Test
  void passesOverStrangersAndClearsAwayWhatACrashLeft() throws IOException {
    Files.createDirectories(directory());
    Path stranger = Files.writeString(directory().resolve("notes.txt"), "mine");
    Path other =
        Files.write(directory().resolve("deny-list@9." + "0".repeat(64) + ".satchel"), new byte[3]);
    Path abandoned = Files.write(directory().resolve("user-configs123.part"), new byte[3]);
    Path underWay = Files.write(directory().resolve("user-configs456.part"), new byte[3]);
    Files.setLastModifiedTime(abandoned, FileTime.from(START.minusSeconds(7_200)));
    source.put(value(1));

    open(source, directory()).close();

    assertThat(abandoned).doesNotExist();
    assertThat(stranger).exists();
    assertThat(other).exists();
    assertThat(underWay).exists();
    assertThat(revisionAfterRestart()).isEqualTo(1);
  }

  @Test
  void sourcesAreKeptApartAndTheOthersAreTold() {
    var staging = new DiskCopy(directory(), "user-configs", "account/staging");
    var production = new DiskCopy(directory(), "user-configs", "account/production");
    staging.keep(500, Digests.sha256(value(500)), value(500), START);

    try (var log = LoggedLines.open()) {
      assertThat(production.newest(null, (bytes, sha256) -> bytes)).isEmpty();
      assertThat(production.newestAbove(400, (bytes, sha256) -> 500L)).isEmpty();
      assertThat(log.containing("copies of this key from another source")).hasSize(1);
    }
    assertThat(staging.newest(null, (bytes, sha256) -> bytes)).isPresent();
  }

  @Test
  void keysAreKeptApart() {
    var mine = new DiskCopy(directory(), "a/b", "a source");
    var others = new DiskCopy(directory(), "a%2fb", "a source");
    mine.keep(1, Digests.sha256(value(1)), value(1), START);

    assertThat(mine.newest(null, (bytes, sha256) -> bytes)).isPresent();
    assertThat(others.newest(null, (bytes, sha256) -> bytes)).isEmpty();
  }

  @Test
  void warnsOnceWhenItCannotWriteAndOnceWhenItCanAgain() throws IOException {
    Files.createDirectories(temporary);
    Files.writeString(directory(), "a file where the directory should be");
    source.put(value(1));
    try (var log = LoggedLines.open()) {
      ConfigClient client = open(source, directory());
      publish(client, 2);
      publish(client, 3);
      assertThat(client.status().state()).isEqualTo(State.FRESH);
      assertThat(log.containing("cannot keep a copy in")).hasSize(1);

      Files.delete(directory());
      publish(client, 4);
      assertThat(log.containing("copies are kept in")).hasSize(1);
      assertThat(revisionAfterRestart()).isEqualTo(4);
    }
  }

  @Test
  void servesOnWithAReadOnlyDirectory() throws Exception {
    source.put(value(1));
    open(source, directory()).close();
    Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("r-xr-xr-x"));
    boolean root = Files.isWritable(directory());
    Assumptions.assumeFalse(root, "root may write everywhere");
    try (var log = LoggedLines.open()) {
      ConfigClient client = open(source, directory());
      publish(client, 2);
      publish(client, 3);
      assertThat(client.status().state()).isEqualTo(State.FRESH);
      assertThat(log.containing("cannot keep a copy in")).hasSize(1);
    } finally {
      Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void servesOnWithAFullOrReadOnlyDisk() throws Exception {
    Files.createDirectories(directory());
    Assumptions.assumeTrue(
        ran("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", directory().toString()),
        "only root may mount");
    try (var log = LoggedLines.open()) {
      source.put(value(1));
      ConfigClient client = open(source, directory());
      byte[] filling = new byte[1 << 15];
      Path filler = directory().resolve("filler");
      try {
        Files.write(filler, filling);
      } catch (IOException expected) {
        assertThat(expected).hasMessageContaining("No space");
      }
      publish(client, 2);
      publish(client, 3);
      assertThat(log.containing("No space left")).hasSize(1);
      assertThat(files()).noneMatch(file -> file.toString().endsWith(".part"));
      assertThat(revisionAfterRestart()).isEqualTo(1);

      Files.delete(filler);
      publish(client, 4);
      assertThat(revisionAfterRestart()).isEqualTo(4);

      assertThat(ran("mount", "-o", "remount,ro", directory().toString())).isTrue();
      publish(client, 5);
      publish(client, 6);
      assertThat(log.containing("Read-only file system")).hasSize(1);
      assertThat(client.status().state()).isEqualTo(State.FRESH);
      assertThat(revisionAfterRestart()).isEqualTo(4);
    } finally {
      ran("umount", directory().toString());
    }
  }

  private static boolean ran(String... command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }

  @Test
  void aDirectoryThatIsDeletedIsMissedOnceAndMadeAgain() throws IOException {
    source.put(value(1));
    ConfigClient client = open(source, directory());
    for (Path file : files()) {
      Files.delete(file);
    }
    Files.delete(directory());
    try (var log = LoggedLines.open()) {
      for (int minute = 1; minute <= 3; minute++) {
        now = START.plusSeconds(60L * minute);
        assertThat(await(client.refreshNow()).state()).isEqualTo(State.FRESH);
      }
      assertThat(log.containing("are gone until the next revision")).hasSize(1);

      publish(client, 2);
      assertThat(revisionAfterRestart()).isEqualTo(2);
    }
  }

  @Test
  void processesThatShareADirectoryNeverSeeAPart() throws Exception {
    var writers = new ArrayList<Thread>();
    var unsound = new ArrayList<String>();
    for (int w = 0; w < 3; w++) {
      var copies = new DiskCopy(directory(), "shared", "a source"); // one for each process
      writers.add(
          new Thread(
              () -> {
                for (int revision = 1; revision <= 40; revision++) {
                  byte[] value = value(revision);
                  copies.keep(revision, Digests.sha256(value), value, START);
                  if (copies.newest(null, (bytes, sha256) -> bytes).isEmpty()) {
                    synchronized (unsound) {
                      unsound.add("nothing sound after revision " + revision);
                    }
                  }
                }
              }));
    }
    try (var log = LoggedLines.open()) {
      writers.forEach(Thread::start);
      for (Thread writer : writers) {
        writer.join(20_000);
        assertThat(writer.isAlive()).isFalse();
      }
      assertThat(log.containing("cop")).isEmpty();
      assertThat(unsound).isEmpty();
    }
    assertThat(files()).hasSize(2);
  }
}
