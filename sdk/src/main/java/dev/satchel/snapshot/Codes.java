package dev.satchel.snapshot;

/**
 * One unsigned number of up to 64 bits for each row.
 *
 * <p>The bits are spread over planes of 1, 2, 4 or 8 bits, the low bits first. In a plane of fewer
 * than 8 bits several rows share a byte, the first row in the low bits. A plane has the same form
 * on the wire, where zstd's byte-wise entropy coding sees whole symbols, and in memory. The encoder
 * chooses the widths: fewer planes mean fewer memory accesses, more may compress better.
 */
final class Codes {
  private final byte[][] planes;

  /** The width of each plane as a power of two: 0 to 3 for 1 to 8 bits. */
  private final int[] widthLogs;

  /** The first plane, kept apart since most codes have no other. */
  private final byte[] first;

  private final int rowLog;
  private final int firstLog;
  private final int codeMask;

  /** Makes codes over planes of these widths, each of {@link #planeBytes} bytes. */
  Codes(int[] widthLogs, byte[][] planes) {
    this.planes = planes;
    this.widthLogs = widthLogs;
    this.first = planes.length == 0 ? new byte[0] : planes[0];
    this.firstLog = planes.length == 0 ? 3 : widthLogs[0];
    this.rowLog = 3 - firstLog;
    this.codeMask = (1 << (1 << firstLog)) - 1;
  }

  /** Returns how many bits hold every number up to {@code most}, taken as unsigned. */
  static int widthFor(long most) {
    return 64 - Long.numberOfLeadingZeros(most);
  }

  /** Returns how many bytes one plane has for this many rows. */
  static int planeBytes(int rows, int widthLog) {
    int rowLog = 3 - widthLog;
    return (int) (((long) rows + (1 << rowLog) - 1) >>> rowLog);
  }

  /** Returns how many bits all planes have together. */
  static int width(int[] widthLogs) {
    int width = 0;
    for (int log : widthLogs) {
      width += 1 << log;
    }
    return width;
  }

  /** Returns the planes for these codes; for the encoder. */
  static byte[][] planes(int[] logs, int rows, CodeSource codes) {
    byte[][] planes = new byte[logs.length][];
    for (int p = 0; p < logs.length; p++) {
      planes[p] = new byte[planeBytes(rows, logs[p])];
    }
    for (int row = 0; row < rows; row++) {
      long code = codes.at(row);
      for (int p = 0; p < logs.length; p++) {
        int rowLog = 3 - logs[p];
        int bits = 1 << logs[p];
        long part = code & ((1L << bits) - 1);
        planes[p][row >>> rowLog] |= (byte) (part << ((row & ((1 << rowLog) - 1)) << logs[p]));
        code >>>= bits;
      }
    }
    return planes;
  }

  /** Returns the code of a row. Allocates nothing; costs one memory access for each plane. */
  long at(int row) {
    if (planes.length == 1) {
      return firstAt(row);
    }
    return planes.length == 0 ? 0 : severalAt(row);
  }

  /** Reads the first plane of a row, and returns a number of no use. */
  int touch(int row) {
    return planes.length == 0 ? 0 : first[row >>> rowLog];
  }

  /** Returns whether all bits of a code are in one plane, {@link #onlyPlane}. */
  boolean isOnePlane() {
    return planes.length == 1;
  }

  /** Returns the plane, if there is only one; do not write to it. */
  byte[] onlyPlane() {
    return planes[0];
  }

  /** Returns the width of the only plane as a power of two. */
  int onlyWidthLog() {
    return widthLogs[0];
  }

  /** Returns the bits that a row has in the first plane. */
  private int firstAt(int row) {
    return (first[row >>> rowLog] >>> ((row << firstLog) & 7)) & codeMask;
  }

  private long severalAt(int row) {
    long code = firstAt(row);
    int shift = 1 << firstLog;
    for (int p = 1; p < planes.length; p++) {
      int log = widthLogs[p];
      int perByteLog = 3 - log;
      int part = planes[p][row >>> perByteLog] >>> ((row & ((1 << perByteLog) - 1)) << log);
      code |= (long) (part & ((1 << (1 << log)) - 1)) << shift;
      shift += 1 << log;
    }
    return code;
  }

  /**
   * Returns whether the codes of the first rows are all below a limit. Costs at most a pass over
   * the planes: eight rows at a time where a code has at most 7 bits.
   */
  boolean areBelow(int limit, int rows) {
    int width = width();
    if (width < Integer.SIZE - 1 && limit >= 1 << width) {
      return true;
    }
    int row = 0;
    if (width < Byte.SIZE) {
      long toTopBit =
          0x0101010101010101L * (0x80 - limit); // a code of the limit or more gets there
      for (; row <= rows - 8; row += 8) {
        if (((eightAt(row) + toTopBit) & 0x8080808080808080L) != 0) {
          return false;
        }
      }
    }
    for (; row < rows; row++) {
      if (at(row) >= limit) {
        return false;
      }
    }
    return true;
  }

  /** Returns the codes of eight rows from a multiple of eight on, a byte for each. */
  private long eightAt(int row) {
    long eight = 0;
    int shift = 0;
    for (int p = 0; p < planes.length; p++) {
      int log = widthLogs[p];
      eight |= spread(planes[p], row >>> 3 << log, log) << shift;
      shift += 1 << log;
    }
    return eight;
  }

  /** Returns the bits of eight rows of a plane, a byte for each, by halving what is together. */
  private static long spread(byte[] plane, int at, int widthLog) {
    switch (widthLog) {
      case 0 -> {
        long bits = plane[at] & 0xFFL;
        bits = (bits | bits << 28) & 0x0000000F0000000FL;
        bits = (bits | bits << 14) & 0x0003000300030003L;
        return (bits | bits << 7) & 0x0101010101010101L;
      }
      case 1 -> {
        long bits = (plane[at] & 0xFFL) | (plane[at + 1] & 0xFFL) << 8;
        bits = (bits | bits << 24) & 0x000000FF000000FFL;
        bits = (bits | bits << 12) & 0x000F000F000F000FL;
        return (bits | bits << 6) & 0x0303030303030303L;
      }
      default -> {
        long bits = LittleEndian.getInt(plane, at) & 0xFFFFFFFFL;
        bits = (bits | bits << 16) & 0x0000FFFF0000FFFFL;
        bits = (bits | bits << 8) & 0x00FF00FF00FF00FFL;
        return (bits | bits << 4) & 0x0F0F0F0F0F0F0F0FL;
      }
    }
  }

  /** Returns how many bits a code has. */
  int width() {
    return width(widthLogs);
  }

  /** Returns how many bytes this takes in memory. */
  long bytes() {
    long sum = 0;
    for (byte[] plane : planes) {
      sum += plane.length;
    }
    return sum;
  }

  /** Gives the encoder the code of each row. */
  interface CodeSource {
    long at(int row);
  }
}
