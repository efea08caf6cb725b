package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short way for version 4 UUIDs finds exactly what is there. */
class RandomUuidsTest {
  private static final long SEED = Long.getLong("satchel.seed", new Random().nextLong());

  private final Random random = new Random(SEED);

  @ParameterizedTest(name = "{0} users")
  @ValueSource(ints = {40, 65, 1_000, 5_000, 65_537, 200_000})
  void anIdThatDiffersInOneBitFromAUsersIsNotFound(int users) {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < users; i++) {
      ids.add(versionFour(random.nextLong(), random.nextLong()));
    }
    expectExactly(ids);
  }

  @Test
  void longBucketsAreSearchedToTheirEnd() {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      ids.add(versionFour(random.nextLong(), random.nextLong()));
    }
    for (int i = 0; i < 50; i++) {
      // all in one bucket; every third has the same print as well
      long high = random.nextLong() >>> (i % 3 == 0 ? 32 : 20);
      ids.add(versionFour((0x123L << 52) | high, random.nextLong()));
    }
    Snapshot snapshot = expectExactly(ids);
    assertThat(snapshot.longestBucket()).isGreaterThan(45);
  }

  private Snapshot expectExactly(List<UUID> ids) {
    System.out.printf("%d ids, seed %d%n", ids.size(), SEED);
    SnapshotEncoder encoder = new SnapshotEncoder(List.of());
    ids.forEach(id -> encoder.add(id, new Object[0]));
    Snapshot snapshot = Snapshot.open(encoder.encode(1, Samples.PUBLISHED_AT));
    assertThat(snapshot.ids()).isInstanceOf(RandomUuids.class);
    Set<UUID> all = new HashSet<>(ids);
    int step = Math.max(1, ids.size() / 6_000);
    for (int i = 0; i < ids.size(); i += i > ids.size() - 60 ? 1 : step) {
      UUID id = ids.get(i);
      int user = snapshot.find(id);
      assertThat(snapshot.id(user)).isEqualTo(id);
      assertThat(snapshot.find(id.toString())).isEqualTo(user);
      for (int bit = 0; bit < 128; bit++) {
        UUID other =
            bit < 64
                ? new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ (1L << bit))
                : new UUID(id.getMostSignificantBits() ^ (1L << bit), id.getLeastSignificantBits());
        if (!all.contains(other) && snapshot.find(other) != Snapshot.NO_USER) {
          throw new AssertionError(
              "expected no user %s but found that of %s, seed %d".formatted(other, id, SEED));
        }
      }
    }
    return snapshot;
  }

  private static UUID versionFour(long high, long low) {
    return new UUID((high & ~0xF000L) | 0x4000L, (low & ~(3L << 62)) | (2L << 62));
  }
}
