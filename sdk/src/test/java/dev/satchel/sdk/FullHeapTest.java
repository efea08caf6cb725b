package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FullHeapTest {
  @TempDir Path directory;

  @Test
  void aValueThatHasNoRoomIsFetchedAgainAfterAWhileAndTheReasonStays() {
    byte[] next = Publication.ofFlag(7, "alice", true).value();
    var fetched = new AtomicInteger();
    var room = new AtomicBoolean();
    var now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    var source =
        new SnapshotSource() {
          @Override
          public Optional<Announcement> announcement() {
            return Optional.of(new Announcement("7", Announcement.UNKNOWN, null, next.length));
          }

          @Override
          public Optional<byte[]> value(Announcement announced) {
            fetched.incrementAndGet();
            if (!room.get()) {
              throw new OutOfMemoryError("Java heap space");
            }
            return Optional.of(next.clone());
          }
        };
    var options = ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).clock(now::get);
    options.startTimeout(Duration.ofMillis(50));
    try (ConfigClient client = ConfigClient.openBlocking(source, options.build())) {
      for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 64, 64}) {
        int before = fetched.get();
        for (int i = 0; i < 3; i++) {
          assertThat(client.refreshBlocking().lastFailure()).contains("the heap is full", "-Xmx");
        }
        assertThat(fetched).hasValue(before);
        now.updateAndGet(then -> then.plus(Duration.ofMinutes(minutes)));
        assertThat(client.refreshBlocking().lastFailure()).contains("the heap is full", "-Xmx");
        assertThat(fetched).hasValue(before + 1);
      }

      room.set(true);
      now.updateAndGet(then -> then.plus(Duration.ofMinutes(64)));
      assertThat(client.refreshBlocking().state()).isEqualTo(State.FRESH);
    }
  }

  @Test
  void anApplicationThatFillsTheHeapForAWhileHasTheNextRevisionsAfterwards() throws Exception {
    Path output = directory.resolve("output");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.satchel.sdk.FullHeapApp",
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = child.waitFor(120, TimeUnit.SECONDS);
    child.destroyForcibly();

    assertThat(ended).isTrue();
    assertThat(child.exitValue()).as(Files.readString(output, StandardCharsets.UTF_8)).isZero();
  }
}
