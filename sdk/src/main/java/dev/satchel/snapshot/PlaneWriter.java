package dev.satchel.snapshot;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Writes codes as planes, with the widths that compress best. */
final class PlaneWriter {
  /** How many rows are compressed to compare widths. */
  private static final int SAMPLE = 1 << 17;

  /**
   * The ways to cut the bits left over from whole bytes, low bits first, as powers of two. zstd
   * gains nothing from bytes with more than 128 symbols that are about equally frequent, so two
   * planes of 2 bits can be smaller than one of 4. Where neighbouring bits depend on each other,
   * one plane is smaller.
   */
  private static final List<List<int[]>> REST =
      List.of(
          List.of(new int[] {}),
          List.of(new int[] {0}),
          List.of(new int[] {1}, new int[] {0, 0}),
          List.of(new int[] {2}, new int[] {1, 0}, new int[] {0, 1}),
          List.of(new int[] {2}, new int[] {1, 1}),
          List.of(new int[] {2, 0}, new int[] {0, 2}, new int[] {1, 1, 0}, new int[] {0, 1, 1}),
          List.of(new int[] {2, 1}, new int[] {1, 2}, new int[] {1, 1, 1}),
          List.of(new int[] {2, 1, 0}, new int[] {0, 1, 2}, new int[] {3}));

  private PlaneWriter() {}

  /** Writes the widths into the descriptor and the planes into the frames. */
  static void write(
      ByteWriter descriptor, FrameWriter frames, int width, int rows, Codes.CodeSource codes) {
    int[] logs = choose(width, rows, codes);
    descriptor.planes(logs);
    writePlanes(frames, logs, rows, codes);
  }

  /** Returns only the widths, for a descriptor whose planes are written later. */
  static int[] choose(int width, int rows, Codes.CodeSource codes) {
    List<int[]> candidates = REST.get(width & 7);
    int sample = Math.min(rows, SAMPLE);
    int[] best = null;
    long bestBytes = Long.MAX_VALUE;
    for (int[] rest : candidates) {
      long bytes = candidates.size() == 1 ? 0 : sampledBytes(rest, width & ~7, sample, codes);
      if (bytes < bestBytes - bestBytes / 64) { // another plane must save more than a few bytes
        best = rest;
        bestBytes = bytes;
      }
    }
    int[] logs = new int[(width >>> 3) + Objects.requireNonNull(best).length];
    Arrays.fill(logs, 3);
    System.arraycopy(best, 0, logs, width >>> 3, best.length);
    return logs;
  }

  private static long sampledBytes(int[] logs, int shift, int rows, Codes.CodeSource codes) {
    long bytes = 0;
    for (byte[] plane :
        Codes.planes(logs, rows, row -> shift == 64 ? 0 : codes.at(row) >>> shift)) {
      FrameWriter frames = new FrameWriter();
      frames.write(plane, FrameWriter.PLAIN_LEVEL);
      bytes += isFlat(plane, frames.storedBytes()) ? plane.length : frames.storedBytes();
    }
    return bytes;
  }

  /**
   * Returns whether a plane gains little because its bytes are about equally frequent. zstd then
   * compresses it or not as chance has it, and a few changed rows would change the choice of
   * widths.
   */
  private static boolean isFlat(byte[] plane, long storedBytes) {
    if (storedBytes < plane.length * 7L / 8) {
      return false;
    }
    int[] counts = new int[256];
    int most = 0;
    for (byte b : plane) {
      most = Math.max(most, ++counts[b & 0xFF]);
    }
    return most < plane.length / 100;
  }

  static void writePlanes(FrameWriter frames, int[] logs, int rows, Codes.CodeSource codes) {
    for (byte[] plane : Codes.planes(logs, rows, codes)) {
      frames.write(plane, FrameWriter.PLAIN_LEVEL);
    }
  }
}
