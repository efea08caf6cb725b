package dev.satchel.snapshot;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one run of a section is made: from a run of the same section before, whose rows are edited,
 * and from which some bytes differ. Layout:
 *
 * <pre>
 * varint length; varint zero bytes after it
 * varint 0 to begin with zeros, or 1 + the number of the run before
 *   if not 0: varint bits of a row; varint number of the {@link RowEdits}
 * varint differences; for each varint bytes to skip, varint bytes, the bytes, which are XORed
 * </pre>
 */
final class RunEdit {
  /** More bytes after a run than any section has. */
  private static final int MOST_PADDING = 16;

  private static final int MOST_ROW_BITS = 128;

  /** Differences this close together are written as one. */
  private static final int CLOSE = 3;

  final int length;
  private final int padding;
  private final @Nullable Run before;

  /** Which run of the section before it is made from, or -1. */
  final int beforeNumber;

  private final int rowBits;
  private final RowEdits edits;
  private final ByteReader differences;
  private final int count;

  private RunEdit(ByteReader in, List<Run> runsBefore, List<RowEdits> allEdits) {
    length = in.varintCount("a run's length", (int) SnapshotLayout.MAX_OPENED_BYTES);
    padding = in.varintCount("zero bytes", MOST_PADDING);
    beforeNumber = in.varintCount("a run before", runsBefore.size()) - 1;
    if (beforeNumber < 0) {
      before = null;
      rowBits = Byte.SIZE;
      edits = RowEdits.NONE;
    } else {
      before = runsBefore.get(beforeNumber);
      rowBits = in.varintCount("bits of a row", MOST_ROW_BITS);
      edits = allEdits.get(in.varintCount("a number of edits", allEdits.size() - 1));
    }
    count = in.varintCount("differences", in.remaining());
    int from = in.position();
    for (int i = 0; i < count; i++) {
      in.varintCount("bytes to skip", length);
      in.part(in.length("a difference"), "a difference");
    }
    differences = in.since(from);
  }

  static RunEdit read(ByteReader in, List<Run> runsBefore, List<RowEdits> allEdits) {
    return new RunEdit(in, runsBefore, allEdits);
  }

  /** Returns whether the run is the one before, unchanged, so that its array can be shared. */
  boolean isUnchanged() {
    return before != null
        && count == 0
        && edits == RowEdits.NONE
        && before.length() == length
        && before.bytes().length == length + padding;
  }

  /** Makes the run; its bytes are not proven yet. */
  byte[] apply() {
    if (isUnchanged()) {
      return Objects.requireNonNull(before).bytes();
    }
    byte[] bytes = new byte[length + padding];
    if (before != null) {
      edits.copy(before.bytes(), before.length(), rowBits, bytes, length);
    }
    ByteReader in = differences;
    int at = 0;
    for (int i = 0; i < count; i++) {
      at += in.varintCount("bytes to skip", length - at);
      int bytesLeft = in.varintCount("a difference", length - at);
      at = in.xorInto(bytes, at, bytesLeft);
    }
    return bytes;
  }

  /**
   * Writes how a run is made; the other side of {@link #read}. Returns false, and leaves something
   * unfinished, if the differences take more than {@code most} bytes.
   */
  static boolean write(
      ByteWriter out,
      Run run,
      @Nullable Run before,
      int beforeNumber,
      RowEdits edits,
      List<RowEdits> allEdits,
      int most) {
    out.varint(run.length());
    out.varint(run.bytes().length - run.length());
    byte[] expected = new byte[run.length()];
    if (before == null) {
      out.varint(0);
    } else {
      out.varint(beforeNumber + 1);
      out.varint(run.rowBits());
      out.varint(edits.numberIn(allEdits));
      edits.copy(before.bytes(), before.length(), run.rowBits(), expected, expected.length);
    }
    ByteWriter found = new ByteWriter();
    int count = differences(found, expected, run.bytes(), run.length(), most);
    out.varint(count);
    out.bytes(found);
    return found.length() <= most;
  }

  private static int differences(
      ByteWriter out, byte[] expected, byte[] bytes, int length, int most) {
    int count = 0;
    int written = 0;
    int from = nextDifference(expected, bytes, 0, length);
    while (from < length && out.length() <= most) {
      int end = endOfDifference(expected, bytes, from, length);
      int next = nextDifference(expected, bytes, end, length);
      while (next < length && next - end < CLOSE) {
        end = endOfDifference(expected, bytes, next, length);
        next = nextDifference(expected, bytes, end, length);
      }
      out.varint(from - written);
      out.varint(end - from);
      for (int i = from; i < end && out.length() <= most; i++) {
        out.u8(expected[i] ^ bytes[i]);
      }
      count++;
      written = end;
      from = next;
    }
    return count;
  }

  private static int endOfDifference(byte[] expected, byte[] bytes, int from, int length) {
    int end = from;
    while (end < length && expected[end] != bytes[end]) {
      end++;
    }
    return end;
  }

  private static int nextDifference(byte[] expected, byte[] bytes, int from, int length) {
    int found = java.util.Arrays.mismatch(expected, from, length, bytes, from, length);
    return found < 0 ? length : from + found;
  }
}
