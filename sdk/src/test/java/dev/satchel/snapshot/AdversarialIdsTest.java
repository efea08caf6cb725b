package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Who chooses user ids cannot make lookups slow: no bucket is long. */
class AdversarialIdsTest {
  private static final int USERS = 50_000;

  @Test
  void numbersThatShareBitsDoNotShareABucket() {
    Random random = new Random(5);
    Map<String, IntFunction<Object>> kinds = new LinkedHashMap<>();
    kinds.put("equal leading bits", i -> new UUID(-1L, random.nextLong()));
    kinds.put("one with others", i -> i == 0 ? new UUID(0, 0) : new UUID(-1L, i));
    kinds.put("sequential", i -> new UUID(0, i));
    kinds.put("sequential integers", i -> (long) i);
    kinds.put("far apart and near", i -> (i % 2 == 0 ? 0 : Long.MAX_VALUE - USERS) + i);
    kinds.put("clusters", i -> new UUID((long) (i % 7) << 60, (long) i << 40));
    kinds.put("equal low bits", i -> new UUID((long) i << 48, 0x0123_4567_89AB_CDEFL));
    kinds.put("powers", i -> new UUID(1L << (i % 64), i / 64));
    kinds.put("numbered texts", i -> "user-" + (i < 10 ? 999_999_999_999L - i : i));
    kinds.put(
        "codes that begin alike", i -> "a".repeat(12) + "%06x".formatted(i) + "z0".charAt(i & 1));
    kinds.put("texts", i -> "x".repeat(i % 100) + i);
    kinds.forEach(
        (name, ids) ->
            assertThat(longestBucket(ids)).as(name).isLessThanOrEqualTo(Buckets.LONGEST));
  }

  @Test
  void numbersMadeToFillOneBucketOfTheKnownOrderDoNot() {
    // half of the users spread the range, the others are all in one bucket of it
    IntFunction<Object> ids =
        i -> i % 2 == 0 ? new UUID((long) i << 47, i) : new UUID(0x4000_0000_0000_0001L, i);
    assertThat(longestBucket(ids)).isLessThanOrEqualTo(Buckets.LONGEST);
  }

  @Test
  void textsMadeToFillOneBucketOfTheKnownHashDoNot() {
    int users = 4096;
    int bucketBits = HashedIds.bucketBits(users);
    Set<String> texts = new HashSet<>();
    for (int i = 0; texts.size() < users / 2; i++) {
      String text = "é" + Integer.toString(i, 36);
      if (HashedIds.bucket(HashedIds.hash(text, HashedIdWriter.FIRST_KEY), bucketBits) == 0) {
        texts.add(text);
      }
    }
    for (int i = 0; texts.size() < users; i++) {
      texts.add("other " + i);
    }
    List<String> ids = new ArrayList<>(texts);
    SnapshotEncoder encoder = new SnapshotEncoder(List.of());
    ids.forEach(id -> encoder.add(id, new Object[0]));
    Snapshot snapshot = Snapshot.open(encoder.encode(1, Samples.PUBLISHED_AT));
    assertThat(snapshot.longestBucket()).isLessThanOrEqualTo(Buckets.LONGEST);
    ids.forEach(id -> assertThat(snapshot.id(snapshot.find(id))).isEqualTo(id));
  }

  /** After all ids were found where they are. */
  private static int longestBucket(IntFunction<Object> ids) {
    SnapshotEncoder encoder = new SnapshotEncoder(List.of());
    List<Object> added = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      added.add(ids.apply(i));
      encoder.add(added.get(i), new Object[0]);
    }
    Snapshot snapshot = Snapshot.open(encoder.encode(1, Samples.PUBLISHED_AT));
    for (Object id : added) {
      int user = snapshot.find(id.toString());
      assertThat(user).as("%s", id).isNotEqualTo(Snapshot.NO_USER);
      assertThat(snapshot.id(user)).isEqualTo(id);
    }
    return snapshot.longestBucket();
  }
}
