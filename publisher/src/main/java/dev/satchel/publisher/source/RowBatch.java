package dev.satchel.publisher.source;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Rows as PostgreSQL sends them, one after the other. A row is its number of columns in two bytes
 * and, for each column, the length in four and the value; a length of -1 is null. Integers have the
 * high byte first. Filled by one thread and then read by another.
 */
final class RowBatch {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int FIRST_BYTES = 1 << 16;

  /** The longest array. */
  private static final int MOST = Integer.MAX_VALUE - 8;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;
  private int rows;

  /** Adds bytes to the last row. */
  void add(ByteBuf in, int count) {
    if (bytes.length - length < count) {
      bytes =
          Arrays.copyOf(bytes, (int) Math.min(Math.max(2L * length, length + (long) count), MOST));
    }
    in.readBytes(bytes, length, count);
    length += count;
  }

  /** Ends the last row. */
  void endRow() {
    rows++;
  }

  int rows() {
    return rows;
  }

  /** Returns how many bytes all rows have. */
  int length() {
    return length;
  }

  /** Returns the array that holds the rows from its start on; do not change it. */
  byte[] bytes() {
    return bytes;
  }

  /** Makes room for other rows. Keeps the memory, unless one large value took most of it. */
  void clear(int mostBytes) {
    if (bytes.length > mostBytes) {
      bytes = new byte[FIRST_BYTES];
    }
    length = 0;
    rows = 0;
  }

  static int intAt(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  static long longAt(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  static int shortAt(byte[] bytes, int at) {
    return bytes[at] << 8 | (bytes[at + 1] & 0xFF);
  }
}
