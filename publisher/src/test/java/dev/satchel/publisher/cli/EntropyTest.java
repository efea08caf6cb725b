package dev.satchel.publisher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotEncoder;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class EntropyTest {
  @Test
  void aFieldNeedsWhatItsValuesSayByThemselves() {
    Snapshot snapshot = snapshot(1024, i -> (long) i);
    assertThat(entropy(snapshot, "flag")).isEqualTo(1);
    assertThat(entropy(snapshot, "same")).isZero();
    assertThat(entropy(snapshot, "own")).isEqualTo(10);
  }

  @Test
  void idsNeedWhatAsManyOutOfAllNumbersDo() {
    Random random = new Random(4);
    Snapshot sparse = snapshot(1024, i -> (long) i << 10 | random.nextInt(1024));
    assertThat(Entropy.ofIds(sparse)).isCloseTo(binomialBits(20, 1024) / 1024, within(0.01));
    assertThat(Entropy.ofIds(snapshot(1024, i -> (long) i))).isZero();
    assertThat(Entropy.ofIds(snapshot(1, i -> 5L))).isZero();
    assertThat(Entropy.ofIds(snapshot(0, i -> 5L))).isZero();
    Snapshot uuids = snapshot(4096, i -> new UUID(random.nextLong(), random.nextLong()));
    assertThat(Entropy.ofIds(uuids)).isCloseTo(128 - 12 + 1.4427, within(0.01));
    assertThat(Entropy.ofIds(snapshot(9, i -> "a".repeat(i) + "b"))).isNaN();
  }

  private static double binomialBits(int width, int chosen) {
    double bits = 0;
    for (int i = 0; i < chosen; i++) {
      bits += Math.log(((1L << width) - i) / (i + 1.0)) / Math.log(2);
    }
    return bits;
  }

  private static double entropy(Snapshot snapshot, String field) {
    return Entropy.ofField(snapshot, Objects.requireNonNull(snapshot.field(field)));
  }

  private static Snapshot snapshot(int users, IntFunction<Object> ids) {
    var encoder = new SnapshotEncoder(List.of("flag", "same", "own"));
    for (int i = 0; i < users; i++) {
      encoder.add(ids.apply(i), new Object[] {i % 2 == 0, "x", (long) i});
    }
    return Snapshot.open(encoder.encode(1, Instant.EPOCH));
  }
}
