package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Ids that are texts of any form, in the order of a keyed hash whose upper bits are a bucket. */
final class HashedIds extends UserIds {
  private final Buckets buckets;
  private final int bucketBits;
  final long key;
  final Column texts;
  private final List<Run> textRuns;

  /** Zero, which the compiler does not know: it has to read what is masked with it. */
  private final int noBits;

  /**
   * Keeps ids.
   *
   * @param textRuns what the column of texts was read from
   */
  HashedIds(Buckets buckets, int bucketBits, long key, Column texts, List<Run> textRuns) {
    this.buckets = buckets;
    this.bucketBits = bucketBits;
    this.key = key;
    this.texts = texts;
    this.textRuns = textRuns;
    this.noBits = Math.max(bucketBits - Buckets.MAX_BITS, 0);
  }

  @Override
  int find(UUID id, @Nullable Column next) {
    return find(id.toString(), next);
  }

  @Override
  int find(long id, @Nullable Column next) {
    return find(Long.toString(id), next);
  }

  @Override
  int find(String id, @Nullable Column next) {
    int bucket = bucket(hash(id, key), bucketBits);
    int user = buckets.startAt(bucket);
    int end = user + buckets.countAt(bucket);
    if (user < end) {
      // or parts of the text, and the value after them, are waited for one by one
      user |= touchCandidate(user) | (next == null ? 0 : next.touch(user) & noBits);
    }
    for (; user < end; user++) {
      if (texts.textEquals(user, id)) {
        return user;
      }
    }
    return NO_USER;
  }

  @Override
  int touchCandidate(int user) {
    return texts.touchText(user) & noBits;
  }

  @Override
  int candidate(UUID id) {
    return candidate(id.toString());
  }

  @Override
  int candidate(long id) {
    return candidate(Long.toString(id));
  }

  @Override
  int candidate(String id) {
    int bucket = bucket(hash(id, key), bucketBits);
    return buckets.countAt(bucket) == 0 ? NO_USER : buckets.startAt(bucket);
  }

  @Override
  Object id(int user) {
    return String.valueOf(texts.value(user));
  }

  @Override
  int varyingBits() {
    return -1;
  }

  @Override
  int longestBucket() {
    return buckets.longest();
  }

  @Override
  long bytes() {
    return buckets.bytes() + texts.bytes();
  }

  @Override
  List<Run> runs() {
    byte[] counts = buckets.counts();
    List<Run> runs = new ArrayList<>();
    runs.add(new Run(counts, counts.length, Byte.SIZE, Run.NO_ROWS));
    runs.addAll(textRuns);
    return runs;
  }

  @Override
  @Nullable NumericIds numbers() {
    return null;
  }

  /**
   * Returns how many bits choose a bucket: a bucket gets half a user to one on average, since
   * comparing texts is expensive.
   */
  static int bucketBits(int users) {
    return Buckets.mostBits(users);
  }

  static int bucket(long hash, int bucketBits) {
    return bucketBits == 0 ? 0 : (int) (hash >>> (64 - bucketBits));
  }

  /**
   * Returns a hash of the UTF-16 code units, four at a time: each step folds the 128-bit product of
   * the state and a secret. The secret comes from the key, so nobody without the key can make many
   * ids collide. The folded multiply is the step of wyhash (github.com/wangyi-fudan/wyhash).
   */
  static long hash(String text, long key) {
    long secret = (key * 0x9E3779B97F4A7C15L) | 1;
    int length = text.length();
    long state = key ^ length;
    int i = 0;
    for (; i + 4 <= length; i += 4) {
      long units =
          text.charAt(i)
              | (long) text.charAt(i + 1) << 16
              | (long) text.charAt(i + 2) << 32
              | (long) text.charAt(i + 3) << 48;
      state = fold(state ^ units, secret);
    }
    long units = 0;
    for (; i < length; i++) {
      units = (units << 16) | text.charAt(i);
    }
    return fold(fold(state ^ units, secret), 0xD6E8FEB86659FD93L);
  }

  private static long fold(long a, long b) {
    return (a * b) ^ Math.multiplyHigh(a, b);
  }
}
