package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NumberedValuesTest {
  private static final int USERS = 150_000;

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
