package dev.satchel.snapshot;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Collects the frames of a snapshot in order. Confined to one thread. */
final class FrameWriter {
  /** For packed or random bits: only entropy coding helps, and every level has it. */
  static final int PLAIN_LEVEL = 1;

  /** For texts: they are compressed once and opened everywhere, so compressing may take time. */
  static final int TEXT_LEVEL = 12;

  private final List<byte[]> stored = new ArrayList<>();
  private final List<Integer> openedBytes = new ArrayList<>();
  private final IntList checksums = new IntList();
  private byte[] pending = new byte[0];
  private int pendingBytes;
  private int level;

  /** Starts a run of bytes, whose length need not be known yet. */
  void begin(int newLevel) {
    level = newLevel;
    pendingBytes = 0;
  }

  void put(byte[] bytes, int from, int count) {
    int at = from;
    int end = from + count;
    while (at < end) {
      if (pending.length < SnapshotLayout.FRAME_BYTES && pendingBytes + end - at > pending.length) {
        int wanted = Math.max(pendingBytes + end - at, pending.length * 2);
        pending = Arrays.copyOf(pending, Math.min(wanted, SnapshotLayout.FRAME_BYTES));
      }
      int part = Math.min(end - at, SnapshotLayout.FRAME_BYTES - pendingBytes);
      System.arraycopy(bytes, at, pending, pendingBytes, part);
      pendingBytes += part;
      at += part;
      if (pendingBytes == SnapshotLayout.FRAME_BYTES) {
        flush();
      }
    }
  }

  /** Ends the run. */
  void end() {
    if (pendingBytes > 0) {
      flush();
    }
  }

  /** Writes a whole run at once; its frames are compressed on several threads. */
  void write(byte[] bytes, int newLevel) {
    int frames = (bytes.length + SnapshotLayout.FRAME_BYTES - 1) / SnapshotLayout.FRAME_BYTES;
    IntStream.range(0, frames)
        .parallel()
        .mapToObj(frame -> frame(bytes, frame * SnapshotLayout.FRAME_BYTES, newLevel))
        .toList()
        .forEach(this::add);
  }

  private void flush() {
    add(Frame.of(pending, 0, pendingBytes, level));
    pendingBytes = 0;
  }

  private static Frame frame(byte[] run, int from, int level) {
    return Frame.of(run, from, Math.min(SnapshotLayout.FRAME_BYTES, run.length - from), level);
  }

  private void add(Frame frame) {
    stored.add(frame.stored);
    openedBytes.add(frame.openedBytes);
    checksums.add(frame.checksum);
  }

  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  private record Frame(byte[] stored, int openedBytes, int checksum) {
    static Frame of(byte[] bytes, int from, int count, int level) {
      return new Frame(
          compressed(bytes, from, count, level),
          count,
          SnapshotLayout.crc32c(bytes, from, from + count));
    }
  }

  /** Returns these bytes as a frame. */
  static byte[] compressed(byte[] bytes, int from, int count, int level) {
    try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
      zstd.setLevel(level).setChecksum(false).setContentSize(true).setDictID(false);
      byte[] room = new byte[(int) Zstd.compressBound(count)];
      int length = zstd.compressByteArray(room, 0, room.length, bytes, from, count);
      return Arrays.copyOf(room, length);
    }
  }

  /** Drops the last frames, so that this many are left. */
  void keep(int frames) {
    stored.subList(frames, stored.size()).clear();
    openedBytes.subList(frames, openedBytes.size()).clear();
    checksums.keep(frames);
  }

  /** Returns a reader of the frames from this number on. */
  Frames reader(int first, String place) {
    ByteWriter value = new ByteWriter();
    ByteWriter table = new ByteWriter();
    for (int frame = first; frame < frames(); frame++) {
      value.bytes(stored.get(frame));
    }
    writeEntries(table, first);
    return new Frames(value.toByteArray(), table.toByteArray(), place);
  }

  /** Writes the entries of the frame table from a frame on. */
  void writeEntries(ByteWriter table, int first) {
    List<byte[]> digests =
        stored.subList(first, stored.size()).parallelStream()
            .map(bytes -> SnapshotLayout.sha256(bytes, 0, bytes.length))
            .toList();
    for (int frame = first; frame < frames(); frame++) {
      table.u32(stored.get(frame).length);
      table.u32(openedBytes.get(frame));
      table.bytes(digests.get(frame - first));
    }
  }

  /** Writes the checksums of what the frames open to. */
  void writeChecksums(ByteWriter catalog) {
    for (int i = 0; i < checksums.size(); i++) {
      catalog.u32(checksums.get(i));
    }
  }

  int frames() {
    return stored.size();
  }

  long storedBytes() {
    return stored.stream().mapToLong(frame -> frame.length).sum();
  }

  byte[] stored(int frame) {
    return stored.get(frame);
  }

  /** Appends the frames of another writer. */
  void append(FrameWriter other) {
    stored.addAll(other.stored);
    openedBytes.addAll(other.openedBytes);
    checksums.addAll(other.checksums);
  }
}
