package dev.satchel.publisher.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptCopiesTest {
  private static final Instant NOW = Instant.parse("2026-01-31T00:00:00Z");

  private final List<SnapshotMetadata> copies =
      List.of(copy(5, 0), copy(4, 40), copy(3, 41), copy(2, 42), copy(1, 43));

  @Test
  void agesCountFromWhenACopyWasReplaced() {
    var kept = new KeptCopies(100, Duration.ofDays(41));

    // 4 was in use for 40 days and replaced just now; 2 was replaced 41 days ago
    assertThat(kept.prunable(copies, copies.get(0), NOW)).containsExactly(1L);
    assertThat(new KeptCopies(100, Duration.ofDays(30)).prunable(copies, copies.get(0), NOW))
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void theNewestAreKeptAndTheOldestGoFirst() {
    assertThat(new KeptCopies(2, Duration.ofDays(90)).prunable(copies, copies.get(0), NOW))
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void whatIsInUseAndWhatItWasRolledBackToWhileHeldStay() {
    SnapshotMetadata held = copies.get(1).withHold(new Hold("somebody", NOW, ""), 1);

    assertThat(new KeptCopies(2, Duration.ZERO).prunable(copies, held, NOW))
        .containsExactly(2L, 3L, 5L);
    assertThat(new KeptCopies(2, Duration.ZERO).prunable(copies, held.withHold(null, 1), NOW))
        .containsExactly(1L, 2L, 3L, 5L);
  }

  private static SnapshotMetadata copy(long revision, long daysOld) {
    return new SnapshotMetadata(
        revision,
        "",
        "",
        1,
        1,
        NOW.minus(Duration.ofDays(daysOld)),
        1,
        null,
        null,
        0,
        null,
        null,
        null);
  }
}
