package dev.satchel.snapshot;

/**
 * Consecutive opened bytes of a section that it reads as one piece: a plane of codes, the lengths
 * of texts, the texts. It starts with a frame of its own. Never changed once it is read.
 *
 * @param bytes the content, followed by zero bytes that are not stored
 * @param length how many bytes the content has
 * @param rowBits how many bits each row has; 8 where rows have different lengths
 * @param rows what the rows are: {@link #USERS}, {@link #NO_ROWS}, or the number of the run in the
 *     same section that says how many of these rows each of its own has
 */
@SuppressWarnings("ArrayRecordComponent") // compared only for identity
record Run(byte[] bytes, int length, int rowBits, int rows) {
  static final int USERS = -1;
  static final int NO_ROWS = -2;

  /** Returns how many frames hold this many bytes. */
  static int frames(long length) {
    return (int) ((length + SnapshotLayout.FRAME_BYTES - 1) / SnapshotLayout.FRAME_BYTES);
  }

  int frames() {
    return frames(length);
  }

  /** Returns where a frame of this run ends. */
  int frameEnd(int frame) {
    return (int) Math.min(length, (frame + 1L) * SnapshotLayout.FRAME_BYTES);
  }
}
