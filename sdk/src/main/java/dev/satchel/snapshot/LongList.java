package dev.satchel.snapshot;

import java.util.Arrays;

/** A list of longs that grows by chunks, so adding never copies what is there. */
final class LongList {
  private static final int CHUNK_LOG = 16;
  private static final int IN_CHUNK = (1 << CHUNK_LOG) - 1;

  private long[][] chunks = new long[16][];
  private final boolean onlyZeros;
  private int size;

  LongList() {
    this(false);
  }

  private LongList(boolean onlyZeros) {
    this.onlyZeros = onlyZeros;
  }

  /** Returns the upper words of numbers without any: zero at every index, whatever is set. */
  static LongList zeros() {
    return new LongList(true);
  }

  void add(long value) {
    if ((size & IN_CHUNK) == 0) {
      addChunk(size >> CHUNK_LOG);
    }
    chunks[size >> CHUNK_LOG][size & IN_CHUNK] = value;
    size++;
  }

  private void addChunk(int number) {
    if (number == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * number);
    }
    chunks[number] = new long[1 << CHUNK_LOG];
  }

  long get(int index) {
    return onlyZeros ? 0 : chunks[index >> CHUNK_LOG][index & IN_CHUNK];
  }

  void set(int index, long value) {
    if (!onlyZeros) {
      chunks[index >> CHUNK_LOG][index & IN_CHUNK] = value;
    }
  }

  /** Forgets all values. */
  void clear() {
    chunks = new long[16][];
    size = 0;
  }

  int size() {
    return size;
  }
}
