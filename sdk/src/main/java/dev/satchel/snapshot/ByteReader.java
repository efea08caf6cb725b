package dev.satchel.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads untrusted bytes: every length is compared to what remains before it is used; a misfit
 * throws a {@link SnapshotFormatException} that names the place.
 */
final class ByteReader {
  private final byte[] bytes;
  private final int end;
  private final String place;
  private int at;

  ByteReader(byte[] bytes, int from, int end, String place) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
    this.place = place;
  }

  int remaining() {
    return end - at;
  }

  int position() {
    return at;
  }

  int u8(String what) {
    need(1, what);
    return bytes[at++] & 0xFF;
  }

  int u32(String what) {
    need(4, what);
    int value = LittleEndian.getInt(bytes, at);
    at += 4;
    return value;
  }

  /** Reads an unsigned count of at most {@code most}. */
  int count(String what, int most) {
    int value = u32(what);
    if (value < 0 || value > most) {
      throw bad(what + " of at most " + most, Integer.toUnsignedString(value));
    }
    return value;
  }

  long i64(String what) {
    need(8, what);
    long value = LittleEndian.getLong(bytes, at);
    at += 8;
    return value;
  }

  long varint(String what) {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int b = u8(what);
      value |= (long) (b & 0x7F) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw bad(what + " of at most 10 bytes", "more");
  }

  long zigzag(String what) {
    long value = varint(what);
    return (value >>> 1) ^ -(value & 1);
  }

  /** Reads a decimal's scale from {@code -most} to {@code most}. */
  int scale(int most) {
    long scale = zigzag("a scale");
    if (scale < -most || scale > most) {
      throw bad("a scale from " + -most + " to " + most, scale);
    }
    return (int) scale;
  }

  /** Reads a varint of at most {@code most}. */
  int varintCount(String what, int most) {
    long count = varint(what);
    if (count < 0 || count > most) {
      throw bad(what + " of at most " + most, Long.toUnsignedString(count));
    }
    return (int) count;
  }

  /** Reads a length, a varint that fits into what remains. */
  int length(String what) {
    long value = varint(what);
    if (value < 0 || value > remaining()) {
      throw bad(what + " of at most " + remaining(), Long.toUnsignedString(value));
    }
    return (int) value;
  }

  byte[] bytes(int count, String what) {
    need(count, what);
    at += count;
    return Arrays.copyOfRange(bytes, at - count, at);
  }

  String text(String what) {
    int length = length(what);
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  /**
   * Reads the widths of planes of codes: a byte for their number, then a byte for each with its
   * width as a power of two.
   */
  int[] planes(int mostBits) {
    int count = u8("a count of planes");
    if (count > mostBits) {
      throw bad("at most " + mostBits + " planes", count);
    }
    int[] widthLogs = new int[count];
    for (int i = 0; i < count; i++) {
      widthLogs[i] = u8("a plane's width");
      if (widthLogs[i] > 3) {
        throw bad("a plane's width of at most 3", widthLogs[i]);
      }
    }
    if (Codes.width(widthLogs) > mostBits) {
      throw bad("planes of at most " + mostBits + " bits in all", Codes.width(widthLogs));
    }
    return widthLogs;
  }

  /** Returns a reader of the next {@code count} bytes, and skips them here. */
  ByteReader part(int count, String what) {
    need(count, what);
    at += count;
    return new ByteReader(bytes, at - count, at, what);
  }

  /** Returns a reader of what was read since this position. */
  ByteReader since(int position) {
    return new ByteReader(bytes, position, at, place);
  }

  /** XORs the next {@code count} bytes into others, and returns where they end there. */
  int xorInto(byte[] target, int targetAt, int count) {
    need(count, "a difference");
    for (int i = 0; i < count; i++) {
      target[targetAt + i] ^= bytes[at + i];
    }
    at += count;
    return targetAt + count;
  }

  /** Returns the next text without consuming it; empty if there is none. */
  String peekText() {
    int before = at;
    try {
      return text("a text");
    } catch (SnapshotFormatException e) {
      return "";
    } finally {
      at = before;
    }
  }

  /** Returns a reader of a copy of what remains. */
  ByteReader copy() {
    byte[] rest = Arrays.copyOfRange(bytes, at, end);
    return new ByteReader(rest, 0, rest.length, place);
  }

  /** Returns whether the same bytes remain as in another reader. */
  boolean hasSameRest(ByteReader other) {
    return Arrays.equals(bytes, at, end, other.bytes, other.at, other.end);
  }

  /** Returns whether these bytes occur in what remains. */
  boolean mentions(byte[] some) {
    for (int i = at; i <= end - some.length; i++) {
      if (Arrays.equals(bytes, i, i + some.length, some, 0, some.length)) {
        return true;
      }
    }
    return false;
  }

  void end() {
    if (at != end) {
      throw bad("the end", (end - at) + " more bytes");
    }
  }

  SnapshotFormatException bad(String expected, Object found) {
    return new SnapshotFormatException(place, at, expected, found);
  }

  private void need(int count, String what) {
    if (count < 0 || end - at < count) {
      throw bad(what + " of " + Integer.toUnsignedString(count) + " bytes", (end - at) + " bytes");
    }
  }
}
