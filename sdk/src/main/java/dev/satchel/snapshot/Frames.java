package dev.satchel.snapshot;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Some consecutive frames of a snapshot, opened in order. Confined to one thread. */
final class Frames {
  /** Bytes of one entry of the frame table. */
  static final int ENTRY_BYTES = 8 + SnapshotLayout.DIGEST_BYTES;

  private static final int DIGEST_IN_ENTRY = 8;

  private final byte[] value;
  private final byte[] table;
  private final String place;
  private final int end;
  private int at;
  private int next;
  private boolean isChecked;

  /**
   * Takes frames {@code first} to {@code end} of a table; the first starts at {@code at} in {@code
   * value}. The table's lengths must have been checked.
   */
  Frames(byte[] value, int at, byte[] table, int first, int end, String place) {
    this.value = value;
    this.at = at;
    this.table = table;
    this.next = first;
    this.end = end;
    this.place = place;
  }

  static int storedBytes(byte[] table, int frame) {
    return LittleEndian.getInt(table, frame * ENTRY_BYTES);
  }

  static int openedBytes(byte[] table, int frame) {
    return LittleEndian.getInt(table, frame * ENTRY_BYTES + 4);
  }

  /**
   * Opens the next {@code bytes} of content and returns them, followed by {@code padding} zero
   * bytes.
   */
  byte[] read(long bytes, int padding) {
    int count = (int) ((bytes + SnapshotLayout.FRAME_BYTES - 1) / SnapshotLayout.FRAME_BYTES);
    if (bytes < 0 || bytes > SnapshotLayout.MAX_OPENED_BYTES || count > end - next) {
      throw new SnapshotFormatException(
          "expected %d bytes in %d frames but found %d frames left in %s"
              .formatted(bytes, count, end - next, place));
    }
    int[] starts = new int[count + 1];
    starts[0] = at;
    for (int i = 0; i < count; i++) {
      long left = bytes - (long) i * SnapshotLayout.FRAME_BYTES;
      if (openedBytes(table, next + i) != Math.min(left, SnapshotLayout.FRAME_BYTES)) {
        throw new SnapshotFormatException(
            "expected a frame of %d bytes but found %d in frame %d of %s"
                .formatted(
                    Math.min(left, SnapshotLayout.FRAME_BYTES),
                    openedBytes(table, next + i),
                    next + i,
                    place));
      }
      starts[i + 1] = starts[i] + storedBytes(table, next + i);
    }
    byte[] opened = new byte[(int) bytes + padding];
    if (count > 1) {
      IntStream.range(0, count).parallel().forEach(i -> open(i, starts, opened));
    } else if (count == 1) {
      open(0, starts, opened);
    }
    at = starts[count];
    next += count;
    return opened;
  }

  /** Checks the digests of all frames that were not read, and opens none. */
  void check() {
    int start = at;
    for (int frame = next; frame < end; frame++) {
      int stored = storedBytes(table, frame);
      check(frame, start, stored);
      start += stored;
    }
  }

  /** Skips the digests of these frames from now on, because {@link #check} has found them right. */
  void areChecked() {
    isChecked = true;
  }

  private void check(int frame, int start, int stored) {
    MessageDigest sha256 = SnapshotLayout.sha256();
    sha256.update(value, start, stored);
    int digestAt = frame * ENTRY_BYTES + DIGEST_IN_ENTRY;
    if (!Arrays.equals(
        sha256.digest(), 0, 32, table, digestAt, digestAt + SnapshotLayout.DIGEST_BYTES)) {
      throw new SnapshotFormatException(
          "expected the digest of the header but found another in frame " + frame + " of " + place);
    }
  }

  private void open(int i, int[] starts, byte[] opened) {
    int frame = next + i;
    int stored = starts[i + 1] - starts[i];
    int size = openedBytes(table, frame);
    if (!isChecked) {
      check(frame, starts[i], stored);
    }
    Object found;
    try {
      long length =
          Zstd.decompressByteArray(
              opened, i * SnapshotLayout.FRAME_BYTES, size, value, starts[i], stored);
      if (length == size) {
        return;
      }
      found = Zstd.isError(length) ? Zstd.getErrorName(length) : length + " bytes";
    } catch (ZstdException e) {
      found = e.getMessage();
    }
    throw new SnapshotFormatException(
        "expected a zstd frame of %d bytes but found %s in frame %d of %s"
            .formatted(size, found, frame, place));
  }

  /** Reads the codes of this many rows, over planes of these widths. */
  Codes codes(int[] widthLogs, int rows) {
    byte[][] planes = new byte[widthLogs.length][];
    for (int i = 0; i < widthLogs.length; i++) {
      planes[i] = read(Codes.planeBytes(rows, widthLogs[i]), 0);
    }
    return new Codes(widthLogs, planes);
  }

  /** Throws if frames are left once a section is open: that is a fault of its writer. */
  void end() {
    if (next != end) {
      throw new SnapshotFormatException(
          "expected no more frames but found " + (end - next) + " in " + place);
    }
  }

  /** Loads zstd's native library; throws {@link LinkageError} if that fails. */
  static void loadNativeLibrary() {
    Native.load();
  }
}
