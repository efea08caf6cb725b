package dev.satchel.snapshot;

import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Counts ids by bucket while they are written. Where a bucket gets too many, the ids are spread
 * again under another key, until none has or the tries are used up.
 */
final class BucketCounts {
  /** The first is enough unless ids were made to collide. */
  static final int MAX_TRIES = 16;

  private BucketCounts() {}

  /**
   * Returns how many ids each bucket has; null if one has more than {@link Buckets#LONGEST}.
   *
   * @param bucketOf returns the bucket of the id at a place
   */
  static byte @Nullable [] of(int users, int bucketBits, IntUnaryOperator bucketOf) {
    byte[] counts = new byte[1 << bucketBits];
    for (int i = 0; i < users; i++) {
      if (++counts[bucketOf.applyAsInt(i)] > Buckets.LONGEST) {
        return null;
      }
    }
    return counts;
  }

  /**
   * Returns the key of an attempt.
   *
   * @param sums sums over all ids, for which their order makes no difference
   */
  static long key(long[] sums, int attempt) {
    byte[] bytes = new byte[Long.BYTES * sums.length + Integer.BYTES];
    for (int i = 0; i < sums.length; i++) {
      LittleEndian.putLong(bytes, Long.BYTES * i, sums[i]);
    }
    LittleEndian.putInt(bytes, Long.BYTES * sums.length, attempt);
    MessageDigest sha256 = SnapshotLayout.sha256();
    return LittleEndian.getLong(sha256.digest(bytes), 0);
  }

  /**
   * Returns the error of ids that no key keeps apart.
   *
   * @throws DuplicateUserException if that is because two are the same
   */
  static AssertionError tooFull(int users, IntFunction<?> ids) {
    Set<Object> known = new HashSet<>();
    for (int i = 0; i < users; i++) {
      if (!known.add(ids.apply(i))) {
        throw new DuplicateUserException(ids.apply(i));
      }
    }
    return new AssertionError("no key keeps " + users + " ids apart");
  }
}
