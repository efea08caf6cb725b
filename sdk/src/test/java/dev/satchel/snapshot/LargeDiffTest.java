package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ten changes among a million users cost little memory, whatever they are. */
class LargeDiffTest {
  private static final int USERS = 1_000_000;
  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_123L);

  /** A bit for each user to mark the changed ones, and a little more. */
  private static final long MAX_BYTES = USERS / 8 + (64 << 10);

  @Test
  void tenChangesAmongAMillionUsers() {
    Snapshot before = snapshot(LargeDiffTest::uuid, 1, 0, USERS, 0);

    SnapshotDiff changed =
        diffWithin(MAX_BYTES, before, snapshot(LargeDiffTest::uuid, 2, 0, USERS, 10));
    SnapshotDiff moved =
        diffWithin(MAX_BYTES, before, snapshot(LargeDiffTest::uuid, 3, 3, USERS + 3, 4));

    assertThat(changed).hasToString("revision 1 to 2: 0 users added, 0 removed, 10 changed");
    assertThat(moved).hasToString("revision 1 to 3: 3 users added, 3 removed, 4 changed");
  }

  @Test
  void tenChangesAmongUsersNamedByTextsOfAnyForm() {
    LongFunction<Object> texts = i -> Long.toString(i * 0x9E3779B9L, 36) + "." + i % 7 + "@x";
    int users = 100_000;

    SnapshotDiff diff =
        diffWithin(MAX_BYTES, snapshot(texts, 1, 0, users, 0), snapshot(texts, 2, 3, users + 3, 4));

    assertThat(diff).hasToString("revision 1 to 2: 3 users added, 3 removed, 4 changed");
  }

  private static Object uuid(long i) {
    var random = new Random(i * 0x9E3779B97F4A7C15L);
    return new UUID(
        (random.nextLong() & ~0xF000L) | 0x4000L,
        (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L);
  }

  private static SnapshotDiff diffWithin(long mostBytes, Snapshot before, Snapshot after) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    SnapshotDiff.between(before, after); // loads classes
    long start = threads.getCurrentThreadAllocatedBytes();
    SnapshotDiff diff = SnapshotDiff.between(before, after);
    long bytes = threads.getCurrentThreadAllocatedBytes() - start;
    assertThat(bytes).isLessThan(mostBytes);
    return diff;
  }

  /** Users {@code from} to {@code to}, of which some of the last have another plan than theirs. */
  private static Snapshot snapshot(
      LongFunction<Object> ids, long revision, long from, long to, int changed) {
    var encoder = new SnapshotEncoder(List.of("flag", "plan", "projects", "groups"));
    for (long i = from; i < to; i++) {
      boolean other = i >= 1000 && i < 1000 + changed;
      @Nullable Object[] row = {
        i % 3 == 0,
        other ? "another" : List.of("free", "pro", "team").get((int) (i % 3)),
        i * 31 % 1000,
        i % 2 == 0 ? List.of() : List.of("a", "b" + i % 20)
      };
      encoder.add(ids.apply(i), row);
    }
    Snapshot snapshot = Snapshot.open(encoder.encode(revision, NOW));
    snapshot.fieldNames().forEach(snapshot::field);
    return snapshot;
  }
}
