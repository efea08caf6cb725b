package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NumberedValuesTest {
  private static final int USERS = 150_000;

  @Test
  void oneThreadMakesTheSameBytesAsMany() throws Exception {
    long seed = System.nanoTime();
    var one = new ForkJoinPool(1);
    var four = new ForkJoinPool(4);
    try {
      byte[] byOne = one.submit(() -> snapshot(new Random(seed))).get();

      assertThat(byOne)
          .as("seed %d", seed)
          .isEqualTo(four.submit(() -> snapshot(new Random(seed))).get())
          .isEqualTo(snapshot(new Random(seed)));
    } finally {
      one.shutdown();
      four.shutdown();
    }
  }

  /** Returns a snapshot whose ids take several frames. */
  private static byte[] snapshot(Random random) {
    var encoder = new SnapshotEncoder(List.of("flag", "text", "number"));
    for (int user = 0; user < USERS; user++) {
      encoder.add(
          new UUID(
              (random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() >>> 2) | (1L << 63)),
          new Object[] {random.nextBoolean(), "t" + random.nextInt(900), random.nextLong()});
    }
    return encoder.encode(1, Instant.EPOCH);
  }

  @Test
  void numbersOfEqualValuesChangeNoByte() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var fields = List.of("plan", "groups", "mostly different");
    var plain = new SnapshotEncoder(fields);
    var numbered = new SnapshotEncoder(fields);
    for (long user = 0; user < USERS; user++) {
      int plan = random.nextInt(300);
      int groups = random.nextInt(2_000);
      int different = random.nextInt(200_000);
      @Nullable Object[] values = {
        plan == 0 ? null : "plan " + plan,
        List.of("g" + groups % 50, (long) groups),
        "d" + different
      };
      plain.add(user, values);
      // some values of a number come without it, as a source may learn of it late
      int number = random.nextInt(10) == 0 ? -1 : plan;
      numbered.add(user, values, new int[] {number, groups, different < 1 << 16 ? different : -1});
    }

    assertThat(numbered.encode(1, Instant.EPOCH))
        .as("seed %d", seed)
        .isEqualTo(plain.encode(1, Instant.EPOCH));
  }
}
