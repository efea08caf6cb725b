package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks hold what they were made from, however uneven the buckets are. */
class BlocksTest {
  private static final long SEED = Long.getLong("satchel.seed", new Random().nextLong());

  private final Random random = new Random(SEED);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 10, 14, 17})
  void evenBucketsComeBack(int bucketBits) {
    expectSame(1 << bucketBits, bucket -> 4);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 10, 17})
  void bucketsAsRandomIdsFillThemComeBack(int bucketBits) {
    byte[] counts = new byte[1 << bucketBits];
    for (int i = 0; i < 3 * counts.length; i++) {
      counts[random.nextInt(counts.length)]++;
    }
    expectSame(counts.length, bucket -> counts[bucket]);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 12})
  void crowdedBlocksBesideEmptyOnesComeBack(int bucketBits) {
    expectSame(1 << bucketBits, bucket -> bucket % 97 < 20 ? random.nextInt(64) : 0);
    expectSame(1 << bucketBits, bucket -> random.nextInt(500) == 0 ? 63 : 0);
    expectSame(1 << bucketBits, bucket -> 63);
    expectSame(1 << bucketBits, bucket -> 0);
  }

  @Test
  void countsThatAreNotOfTheseUsersAreRefused() {
    byte[] counts = {3, 0, 64, 1};
    assertThatThrownBy(() -> Blocks.of(counts, new byte[68], 63, 68, "the test"))
        .isInstanceOf(SnapshotFormatException.class)
        .hasMessage("expected buckets of at most 63 ids but found 64 in the test");
    counts[2] = 60;
    for (int users : new int[] {0, 63, 65}) {
      assertThatThrownBy(() -> Blocks.of(counts, new byte[users], 63, users, "the test"))
          .isInstanceOf(SnapshotFormatException.class)
          .hasMessage(
              "expected buckets of %d ids in all but found 64 in the test".formatted(users));
    }
  }

  private void expectSame(int buckets, IntUnaryOperator countOf) {
    System.out.printf("%d buckets, seed %d%n", buckets, SEED);
    byte[] counts = new byte[buckets];
    int users = 0;
    for (int bucket = 0; bucket < buckets; bucket++) {
      counts[bucket] = (byte) countOf.applyAsInt(bucket);
      users += counts[bucket];
    }
    byte[] prints = new byte[users];
    random.nextBytes(prints);
    Blocks blocks = Blocks.of(counts, prints, Buckets.LONGEST, users, "the test");
    assertThat(blocks.counts()).isEqualTo(counts);
    assertThat(blocks.prints(8)).isEqualTo(Arrays.copyOf(prints, users + 8));
    int start = 0;
    for (int bucket = 0; bucket < buckets; bucket++) {
      assertThat(blocks.startAt(bucket)).isEqualTo(start);
      assertThat(blocks.countAt(bucket)).isEqualTo(counts[bucket]);
      int end = start + counts[bucket];
      for (int user = start; user < end; user++) {
        assertThat(blocks.printAt(bucket, user)).isEqualTo(prints[user]);
        expectCandidate(blocks, bucket, prints, start, user);
      }
      start = end;
    }
    assertThat(blocks.memory()).isLessThan(200 + 3L * users + 3L * buckets);
  }

  /** The first user of the bucket with this print, or a doubt; never another user, never none. */
  private static void expectCandidate(
      Blocks blocks, int bucket, byte[] prints, int start, int user) {
    int candidate = blocks.candidate(bucket, prints[user] & 0xFF);
    if (candidate != Blocks.UNSURE) {
      assertThat(candidate).isBetween(start, user);
      assertThat(prints[candidate]).isEqualTo(prints[user]);
    }
  }
}
