package dev.satchel.snapshot;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Writes user ids that are texts of any form, in the order of their hashes: {@link HashedIds}. */
final class HashedIdWriter {
  /** Tried first, so that most snapshots of the same texts are in the same order. */
  static final long FIRST_KEY = 0x5A7C4E1L;

  private final int users;
  private final IntFunction<String> texts;

  private HashedIdWriter(int users, IntFunction<String> texts) {
    this.users = users;
    this.texts = texts;
  }

  /**
   * Writes the texts.
   *
   * @throws DuplicateUserException if two are the same
   */
  static WrittenIds write(int users, IntFunction<String> texts) {
    return new HashedIdWriter(users, texts).write();
  }

  private WrittenIds write() {
    int bucketBits = HashedIds.bucketBits(users);
    long key = FIRST_KEY;
    byte[] counts = counts(key, bucketBits);
    for (int attempt = 1; counts == null; attempt++) {
      if (attempt == BucketCounts.MAX_TRIES) {
        throw BucketCounts.tooFull(users, texts);
      }
      key = key(attempt);
      counts = counts(key, bucketBits);
    }
    int[] order = order(key);
    ByteWriter descriptor = new ByteWriter();
    FrameWriter frames = new FrameWriter();
    descriptor.text("texts");
    descriptor.i64(key);
    descriptor.u8(bucketBits);
    frames.write(counts, FrameWriter.PLAIN_LEVEL);
    ValueBuffer sorted = new ValueBuffer();
    for (int i : order) {
      sorted.add(texts.apply(i));
    }
    ColumnWriter column = new ColumnWriter(frames, List.of(), SnapshotLayout.objectBytes(0));
    descriptor.bytes(column.write(sorted.rows()).toByteArray());
    return new WrittenIds(descriptor, order, () -> frames);
  }

  private byte @Nullable [] counts(long key, int bucketBits) {
    return BucketCounts.of(
        users, bucketBits, i -> HashedIds.bucket(HashedIds.hash(texts.apply(i), key), bucketBits));
  }

  private long key(int attempt) {
    long[] sums = new long[2];
    for (int i = 0; i < users; i++) {
      sums[0] += HashedIds.hash(texts.apply(i), 1);
      sums[1] ^= HashedIds.hash(texts.apply(i), 2);
    }
    return BucketCounts.key(sums, attempt);
  }

  /** Returns the indexes of the texts, sorted by hash and then by text. */
  private int[] order(long key) {
    long[] hashes = new long[users];
    Integer[] byHash = new Integer[users];
    for (int i = 0; i < users; i++) {
      hashes[i] = HashedIds.hash(texts.apply(i), key);
      byHash[i] = i;
    }
    Arrays.sort(
        byHash,
        (a, b) -> {
          int compared = Long.compareUnsigned(hashes[a], hashes[b]);
          return compared != 0 ? compared : texts.apply(a).compareTo(texts.apply(b));
        });
    int[] order = new int[users];
    for (int i = 0; i < users; i++) {
      order[i] = byHash[i];
      if (i > 0
          && hashes[order[i]] == hashes[order[i - 1]]
          && texts.apply(order[i]).equals(texts.apply(order[i - 1]))) {
        throw new DuplicateUserException(texts.apply(order[i]));
      }
    }
    return order;
  }
}
