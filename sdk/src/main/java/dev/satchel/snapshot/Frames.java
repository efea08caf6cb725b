package dev.satchel.snapshot;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RecursiveAction;
import org.jspecify.annotations.Nullable;

/**
 * Some consecutive frames of a snapshot, opened in order; or what they open to, if that is known
 * already. Confined to one thread.
 */
final class Frames {
  /** Bytes of one entry of the frame table. */
  static final int ENTRY_BYTES = 8 + SnapshotLayout.DIGEST_BYTES;

  static final int DIGEST_IN_ENTRY = 8;

  private final byte[] value;
  private final byte[] table;

  /** The CRC-32C of what each frame opens to; null where only the digests tell what is sound. */
  private byte @Nullable [] checksums;

  private final String place;
  private final int end;
  private int at;
  private int next;
  private boolean isProven;
  private final @Nullable List<Run> known;
  private final List<Run> runs = new ArrayList<>();
  private int rows = Run.USERS;

  /** Takes the frames of a section whose content is known and proven. */
  Frames(Catalog catalog, int section, List<Run> known) {
    this(catalog, section, new byte[0], 0, known);
  }

  /** Takes the frames of a section; the first starts at {@code at} in {@code value}. */
  Frames(Catalog catalog, int section, byte[] value, int at) {
    this(catalog, section, value, at, null);
  }

  private Frames(Catalog catalog, int section, byte[] value, int at, @Nullable List<Run> known) {
    this.value = value;
    this.at = at;
    this.table = catalog.table;
    this.checksums = catalog.checksums;
    this.next = catalog.firstFrame(section);
    this.end = catalog.sections.get(section).frameEnd();
    this.place = catalog.place(section);
    this.known = known;
  }

  /** Takes all frames of a table, which follow each other in {@code value}. */
  Frames(byte[] value, byte[] table, String place) {
    this.value = value;
    this.table = table;
    this.checksums = null;
    this.end = table.length / ENTRY_BYTES;
    this.place = place;
    this.known = null;
  }

  static int storedBytes(byte[] table, int frame) {
    return LittleEndian.getInt(table, frame * ENTRY_BYTES);
  }

  static int openedBytes(byte[] table, int frame) {
    return LittleEndian.getInt(table, frame * ENTRY_BYTES + 4);
  }

  /** Returns what was read so far. */
  List<Run> runs() {
    return List.copyOf(runs);
  }

  /** Returns what the rows of the runs to come are. */
  int rows() {
    return rows;
  }

  /** Sets what the rows of the runs to come are: {@link Run#rows}. */
  void setRows(int newRows) {
    rows = newRows;
  }

  /** Says that the last run has the lengths of the rows to come. */
  void lastRunHasLengths() {
    rows = runs.size() - 1;
  }

  /** Opens the next content as {@link #read(long, int, int)} does, in rows of a byte. */
  byte[] read(long bytes, int padding) {
    return read(bytes, padding, Byte.SIZE);
  }

  /**
   * Opens the next {@code bytes} of content and returns them, followed by {@code padding} zero
   * bytes.
   *
   * @param rowBits how many bits each row has
   */
  byte[] read(long bytes, int padding, int rowBits) {
    int count = Run.frames(bytes);
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
    byte[] opened =
        known == null ? opened(starts, (int) bytes + padding) : knownRun((int) bytes, padding);
    at = starts[count];
    next += count;
    runs.add(new Run(opened, (int) bytes, rowBits, rows));
    return opened;
  }

  private byte[] opened(int[] starts, int room) {
    int count = starts.length - 1;
    byte[] opened = new byte[room];
    if (count > 0) {
      new Opening(starts, opened, 0, count).invoke();
    }
    return opened;
  }

  private byte[] knownRun(int bytes, int padding) {
    List<Run> given = Objects.requireNonNull(known);
    if (runs.size() < given.size()) {
      Run run = given.get(runs.size());
      if (run.length() == bytes && run.bytes().length == bytes + padding) {
        return run.bytes();
      }
    }
    throw new SnapshotFormatException(
        "expected run %d to have %d bytes and %d more but found another in %s"
            .formatted(runs.size(), bytes, padding, place));
  }

  /** Opens some frames of a run, the halves of several at the same time. */
  private final class Opening extends RecursiveAction {
    private static final long serialVersionUID = 1;

    private final transient int[] starts;
    private final transient byte[] opened;
    private final int from;
    private final int to;

    Opening(int[] starts, byte[] opened, int from, int to) {
      this.starts = starts;
      this.opened = opened;
      this.from = from;
      this.to = to;
    }

    @Override
    protected void compute() {
      if (to - from == 1) {
        open(from, starts, opened);
      } else {
        int middle = (from + to) >>> 1;
        invokeAll(
            new Opening(starts, opened, from, middle), new Opening(starts, opened, middle, to));
      }
    }
  }

  /** Compares the digests of what is stored from now on, whether there are checksums or not. */
  void useDigests() {
    checksums = null;
  }

  /** Skips the checks of these frames, because their digests have been found right. */
  void areProven() {
    isProven = true;
  }

  /** Throws unless the digest of what is stored is that of the table. */
  static void check(byte[] value, int start, byte[] table, int frame, String place) {
    int stored = storedBytes(table, frame);
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
    if (!isProven && checksums == null) {
      check(value, starts[i], table, frame, place);
    }
    Object found;
    try {
      long length =
          Zstd.decompressByteArray(
              opened, i * SnapshotLayout.FRAME_BYTES, size, value, starts[i], stored);
      if (length == size) {
        checkOpened(frame, opened, i * SnapshotLayout.FRAME_BYTES, size);
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

  private void checkOpened(int frame, byte[] opened, int from, int size) {
    if (!isProven
        && checksums != null
        && SnapshotLayout.crc32c(opened, from, from + size)
            != LittleEndian.getInt(checksums, frame * SnapshotLayout.CHECKSUM_BYTES)) {
      throw new SnapshotFormatException(
          "expected the checksum of the header but found another in frame "
              + frame
              + " of "
              + place);
    }
  }

  /** Reads the codes of this many rows, over planes of these widths. */
  Codes codes(int[] widthLogs, int rows) {
    byte[][] planes = new byte[widthLogs.length][];
    for (int i = 0; i < widthLogs.length; i++) {
      planes[i] = read(Codes.planeBytes(rows, widthLogs[i]), 0, 1 << widthLogs[i]);
    }
    return new Codes(widthLogs, planes);
  }

  /** Throws if frames are left once a section is open: that is a fault of its writer. */
  void end() {
    if (next != end || (known != null && runs.size() != known.size())) {
      throw new SnapshotFormatException(
          "expected no more frames but found " + (end - next) + " in " + place);
    }
  }

  /** Loads zstd's native library; throws {@link LinkageError} if that fails. */
  static void loadNativeLibrary() {
    Native.load();
  }
}
