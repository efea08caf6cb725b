package dev.satchel.snapshot;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value that a snapshot was published as, a piece at a time: the header, and then each frame.
 * For a snapshot that was made by a patch, and so never was a value here. A frame that an earlier
 * value has is to be taken from there; any other is compressed again. Immutable.
 */
public final class StoredFrames {
  /** Says that the earlier value does not have a frame. */
  public static final long ABSENT = -1;

  private static final int[] LEVELS = {FrameWriter.PLAIN_LEVEL, FrameWriter.TEXT_LEVEL};

  private final Snapshot snapshot;
  private final Catalog catalog;

  /** Made anew by each call of {@link UserIds#runs}, so kept here. */
  private @Nullable List<Run> idRuns;

  private final @Nullable Catalog earlier;

  private StoredFrames(Snapshot snapshot, @Nullable Catalog earlier) {
    this.snapshot = snapshot;
    this.catalog = snapshot.catalog();
    this.earlier = earlier;
  }

  /**
   * Prepares the value of a snapshot.
   *
   * @param earlierHeader the header of a value that may have frames in common, or null for none
   * @throws SnapshotFormatException if that header is not sound
   */
  public static StoredFrames of(Snapshot snapshot, byte @Nullable [] earlierHeader) {
    return new StoredFrames(
        snapshot, earlierHeader == null ? null : Catalog.ofHeader(earlierHeader));
  }

  /**
   * Returns how long the header is that a value begins with, or 0 if these are not the first bytes
   * of one.
   *
   * @param start at least the first eight bytes
   */
  public static int headerBytes(byte[] start) {
    int bytes =
        start.length < SnapshotLayout.MAGIC_AT
            ? 0
            : LittleEndian.getInt(start, SnapshotLayout.HEADER_LENGTH_AT) + SnapshotLayout.MAGIC_AT;
    return bytes < SnapshotLayout.CATALOG_AT || bytes > SnapshotLayout.MAX_HEADER_BYTES ? 0 : bytes;
  }

  /** Returns the number of frames. */
  public int count() {
    return catalog.frames();
  }

  /** Returns the size of a frame. */
  public int bytes(int frame) {
    return Frames.storedBytes(catalog.table, frame);
  }

  /** Returns where the earlier value has this frame, or {@link #ABSENT}. */
  public long placeInEarlier(int frame) {
    Catalog other = earlier;
    if (other != null) {
      int at = frame * Frames.ENTRY_BYTES;
      for (int i = 0; i < other.frames(); i++) {
        int from = i * Frames.ENTRY_BYTES;
        if (Arrays.equals(
            catalog.table,
            at,
            at + Frames.ENTRY_BYTES,
            other.table,
            from,
            from + Frames.ENTRY_BYTES)) {
          return other.starts[i];
        }
      }
    }
    return ABSENT;
  }

  /**
   * Returns a frame, compressed again unless it is held as it was stored. Returns null if that does
   * not give the published bytes, because the publisher has another version of zstd.
   */
  public byte @Nullable [] frame(int frame) {
    for (int section = 0; section < catalog.sections.size(); section++) {
      if (frame < catalog.sections.get(section).frameEnd()) {
        int place = frame - catalog.firstFrame(section);
        return section == 0 ? compressed(frame, place, idRuns()) : frame(frame, place, section);
      }
    }
    return null;
  }

  private List<Run> idRuns() {
    List<Run> runs = idRuns;
    if (runs == null) {
      runs = snapshot.ids().runs();
      idRuns = runs;
    }
    return runs;
  }

  private byte @Nullable [] frame(int frame, int place, int section) {
    LazyField field = snapshot.requiredLazyField(section - 1);
    byte[] stored = field.stored();
    if (stored == null) {
      return compressed(frame, place, field.runs());
    }
    int start = catalog.starts[frame] - catalog.starts[frame - place];
    return Arrays.copyOfRange(stored, start, start + bytes(frame));
  }

  private byte @Nullable [] compressed(int frame, int place, Iterable<Run> runs) {
    int left = place;
    for (Run run : runs) {
      if (left < run.frames()) {
        int from = left * SnapshotLayout.FRAME_BYTES;
        for (int level : LEVELS) {
          byte[] stored =
              FrameWriter.compressed(run.bytes(), from, run.frameEnd(left) - from, level);
          if (catalog.isStored(frame, stored)) {
            return stored;
          }
        }
        return null;
      }
      left -= run.frames();
    }
    return null;
  }
}
