package dev.satchel.snapshot;

import java.util.ArrayList;
import java.util.List;

/**
 * Many short byte strings without an object for each. Grows by chunks, so adding never copies what
 * is there.
 */
final class BytePool {
  private static final int CHUNK_LOG = 20;
  private static final int CHUNK_BYTES = 1 << CHUNK_LOG;
  private static final int STARTS_LOG = 16;

  private final List<byte[]> chunks = new ArrayList<>();

  /**
   * The chunk number and offset of each string; the last entry is where the last chunk is filled
   * to.
   */
  private final List<int[]> starts = new ArrayList<>();

  private int filled = CHUNK_BYTES;
  private int size;
  private long pooledBytes;

  void add(ByteWriter bytes) {
    int length = bytes.length();
    if (filled + length > CHUNK_BYTES) {
      if (chunks.size() == 1 << (31 - CHUNK_LOG)) {
        throw new IllegalArgumentException("expected values of at most 2 GiB but found more");
      }
      chunks.add(new byte[Math.max(CHUNK_BYTES, length)]);
      filled = 0;
    }
    int chunk = chunks.size() - 1;
    bytes.copyTo(chunks.get(chunk), filled);
    if ((size & ((1 << STARTS_LOG) - 1)) == 0) {
      starts.add(new int[1 << STARTS_LOG]);
    }
    starts.get(size >> STARTS_LOG)[size & ((1 << STARTS_LOG) - 1)] = chunk << CHUNK_LOG | filled;
    filled = length > CHUNK_BYTES ? CHUNK_BYTES : filled + length;
    size++;
    pooledBytes += length;
  }

  /** Returns the sum of all lengths. */
  long bytes() {
    return pooledBytes;
  }

  int size() {
    return size;
  }

  /** Returns a reader at the start of one string; it ends where its chunk ends. */
  ByteReader reader(int index) {
    int start = starts.get(index >> STARTS_LOG)[index & ((1 << STARTS_LOG) - 1)];
    byte[] chunk = chunks.get(start >>> CHUNK_LOG);
    return new ByteReader(chunk, start & (CHUNK_BYTES - 1), chunk.length, "the encoder's values");
  }
}
