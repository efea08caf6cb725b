package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class FullHeapTest {

  @Test
  void aValueThatHasNoRoomIsNotFetchedAgainAndTheReasonStays() {
    byte[] next = Publication.ofFlag(8, "alice", true).value();
    var fetched = new AtomicInteger();
    var tag = new AtomicReference<>("7");
    var source =
        new SnapshotSource() {
          @Override
          public Optional<Announcement> announcement() {
            return Optional.of(
                new Announcement(
                    String.valueOf(tag.get()), Announcement.UNKNOWN, null, next.length));
          }

          @Override
          public Optional<byte[]> value(Announcement announced) {
            fetched.incrementAndGet();
            if (announced.tag().equals("7")) {
              throw new OutOfMemoryError("Java heap space");
            }
            return Optional.of(next.clone());
          }
        };
    var options = ConfigClientOptions.builder().pollInterval(Duration.ofHours(1));
    options.startTimeout(Duration.ofMillis(50));
    try (ConfigClient client = ConfigClient.openBlocking(source, options.build())) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.refreshBlocking().lastFailure()).contains("the heap is full", "-Xmx");
      }
      assertThat(fetched).hasValue(1);

      tag.set("8");
      assertThat(client.refreshBlocking().state()).isEqualTo(State.FRESH);
    }
  }
}
