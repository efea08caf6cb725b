package dev.satchel.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Collects bytes and grows as needed; the other side of {@link ByteReader}. */
final class ByteWriter {
  private byte[] bytes = new byte[256];
  private int length;

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  void copyTo(byte[] target, int at) {
    System.arraycopy(bytes, 0, target, at, length);
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  void u8(int value) {
    room(1);
    bytes[length++] = (byte) value;
  }

  void u32(int value) {
    room(4);
    LittleEndian.putInt(bytes, length, value);
    length += 4;
  }

  void i64(long value) {
    room(8);
    LittleEndian.putLong(bytes, length, value);
    length += 8;
  }

  /**
   * Writes seven bits to a byte, the lowest first, with the top bit set on all bytes but the last.
   */
  void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      u8((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    u8((int) rest);
  }

  /** Writes a {@link #varint} in which small numbers of either sign are short. */
  void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  void bytes(byte[] source) {
    bytes(source, 0, source.length);
  }

  void bytes(byte[] source, int from, int count) {
    room(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  void bytes(ByteWriter other) {
    bytes(other.bytes, 0, other.length);
  }

  /** Writes the length in UTF-8 bytes as a varint, then the bytes. */
  void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    varint(utf8.length);
    bytes(utf8);
  }

  /** Writes what {@link ByteReader#planes} reads. */
  void planes(int[] widthLogs) {
    u8(widthLogs.length);
    for (int log : widthLogs) {
      u8(log);
    }
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
