package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
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
    var source = source(() -> "7", fetched, room::get, next);
    try (ConfigClient client = ConfigClient.openBlocking(source, options(now::get))) {
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
  void anotherValueIsFetchedAtOnceThoughTheOneBeforeHadNoRoom() {
    byte[] next = Publication.ofFlag(8, "alice", true).value();
    var fetched = new AtomicInteger();
    var tag = new AtomicReference<>("7");
    var source = source(tag::get, fetched, () -> "8".equals(tag.get()), next);
    try (ConfigClient client = ConfigClient.openBlocking(source, options(InstantSource.system()))) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.refreshBlocking().lastFailure()).contains("the heap is full", "-Xmx");
      }
      assertThat(fetched).hasValue(1);

      tag.set("8");
      assertThat(client.refreshBlocking().state()).isEqualTo(State.FRESH);
    }
  }

  private static ConfigClientOptions options(InstantSource clock) {
    return ConfigClientOptions.builder()
        .pollInterval(Duration.ofHours(1))
        .startTimeout(Duration.ofMillis(50))
        .clock(clock)
        .build();
  }

  private static SnapshotSource source(
      Supplier<String> tag, AtomicInteger fetched, BooleanSupplier hasRoom, byte[] value) {
    return new SnapshotSource() {
      @Override
      public Optional<Announcement> announcement() {
        return Optional.of(
            new Announcement(String.valueOf(tag.get()), Announcement.UNKNOWN, null, value.length));
      }

      @Override
      public Optional<byte[]> value(Announcement announced) {
        fetched.incrementAndGet();
        if (!hasRoom.getAsBoolean()) {
          throw new OutOfMemoryError("Java heap space");
        }
        return Optional.of(value.clone());
      }
    };
  }

  @Test
  void anApplicationThatFillsTheHeapForAWhileHasTheNextRevisionsAfterwards() throws Exception {
    ChildJvm child =
        ChildJvm.run(
            List.of("-Xmx32m", "-XX:+UseSerialGC"), FullHeapApp.class, directory.toString());

    assertThat(child.status()).as(child.said()).isZero();
  }
}
