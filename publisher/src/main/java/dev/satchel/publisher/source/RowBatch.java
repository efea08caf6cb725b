package dev.satchel.publisher.source;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows as PostgreSQL sends them. A row is its number of columns in two bytes and, for each column,
 * the length in four and the value; a length of -1 is null. Integers have the high byte first.
 * Filled by one thread and then read by another.
 */
final class RowBatch {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** What the garbage collector still takes for small, whatever the heap. */
  private static final int CHUNK_BYTES = 1 << 18;

  /** How many chunks are kept for the rows of the next batch. */
  private static final int KEPT_CHUNKS = 4;

  /** Whole rows, one after the other; a longer row has a chunk of its own. */
  static final class Chunk {
    final byte[] bytes;
    private int length;

    private Chunk(int bytes) {
      this.bytes = new byte[bytes];
    }

    /** Returns where the last row ends. */
    int length() {
      return length;
    }
  }

  private final List<Chunk> chunks = new ArrayList<>();
  private int filled = -1;
  private long bytes;
  private int rows;

  /** Makes room for a row of so many bytes, which are added next. */
  void begin(int rowBytes) {
    if (filled < 0 || chunks.get(filled).bytes.length - chunks.get(filled).length < rowBytes) {
      filled++;
      if (filled == chunks.size()) {
        chunks.add(new Chunk(Math.max(CHUNK_BYTES, rowBytes)));
      } else if (chunks.get(filled).bytes.length < rowBytes) {
        chunks.set(filled, new Chunk(rowBytes));
      }
    }
    bytes += rowBytes;
    rows++;
  }

  /** Adds bytes to the row that was begun. */
  void add(ByteBuf in, int count) {
    Chunk chunk = chunks.get(filled);
    in.readBytes(chunk.bytes, chunk.length, count);
    chunk.length += count;
  }

  int rows() {
    return rows;
  }

  /** Returns how many bytes all rows have. */
  long bytes() {
    return bytes;
  }

  /** Returns what holds the rows, in order. */
  List<Chunk> chunks() {
    return chunks.subList(0, filled + 1);
  }

  /** Makes room for other rows, and keeps little memory. */
  void clear() {
    chunks.removeIf(chunk -> chunk.bytes.length > CHUNK_BYTES);
    while (chunks.size() > KEPT_CHUNKS) {
      chunks.remove(chunks.size() - 1);
    }
    for (Chunk chunk : chunks) {
      chunk.length = 0;
    }
    filled = -1;
    bytes = 0;
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
