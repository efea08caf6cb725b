package dev.satchel.kv.local;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that only grows, made of records with a checksum each. After a crash it ends with the last
 * record that is whole. One thread at a time writes, any thread reads.
 *
 * <p>The file: 8 bytes that name the format, then records of a CRC32C (4 bytes) over the rest, a
 * length (4 bytes) and as many bytes. Big-endian.
 */
final class RecordLog implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordLog.class);
  private static final byte[] FORMAT = "SATCHKV1".getBytes(StandardCharsets.US_ASCII);
  private static final int FRAME_BYTES = 8;
  private static final int MAX_RECORD_BYTES = Limits.VALUE_BYTES + 65_536;
  // larger writes would make the JDK keep a direct buffer of their size for each thread
  private static final int SLICE_BYTES = 1 << 20;

  /** Receives every record of a log that is opened. */
  @FunctionalInterface
  interface Visitor {
    void visit(RecordLog log, long at, ByteBuffer record);
  }

  private final Path path;
  private final FileChannel channel;
  private final ByteBuffer pending = ByteBuffer.allocate(SLICE_BYTES);
  private long flushed;

  private RecordLog(Path path, FileChannel channel, long flushed) {
    this.path = path;
    this.channel = channel;
    this.flushed = flushed;
  }

  static RecordLog create(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    var log = new RecordLog(path, channel, 0);
    log.add(FORMAT);
    return log;
  }

  /** Opens a log, passes all its records to the visitor and cuts off a torn end. */
  static RecordLog open(Path path, Visitor visitor) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      var format = new byte[FORMAT.length];
      var log = new RecordLog(path, channel, FORMAT.length);
      if (channel.size() < FORMAT.length
          || !log.readFully(ByteBuffer.wrap(format), 0)
          || !Arrays.equals(format, FORMAT)) {
        throw new IOException(
            "expected a log of the local KV server but found another file: " + path);
      }
      log.replay(visitor);
      return log;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void replay(Visitor visitor) throws IOException {
    long size = channel.size();
    channel.position(flushed);
    // not closed: that would close the channel
    var in = new BufferedInputStream(Channels.newInputStream(channel), SLICE_BYTES);
    var frame = new byte[FRAME_BYTES];
    var record = new byte[SLICE_BYTES];
    while (in.readNBytes(frame, 0, FRAME_BYTES) == FRAME_BYTES) {
      int length = ByteBuffer.wrap(frame).getInt(4);
      if (length <= 0 || length > MAX_RECORD_BYTES) {
        break;
      }
      if (length > record.length) {
        record = new byte[length];
      }
      if (in.readNBytes(record, 0, length) < length
          || ByteBuffer.wrap(frame).getInt(0) != checksum(frame, record, length)) {
        break;
      }
      visitor.visit(this, flushed + FRAME_BYTES, ByteBuffer.wrap(record, 0, length).slice());
      flushed += FRAME_BYTES + length;
    }
    if (flushed < size) {
      LOG.warn(
          "cut {} bytes off the end of {}: expected a whole record at {}",
          size - flushed,
          path,
          flushed);
      channel.truncate(flushed);
      channel.force(true);
    }
  }

  Path path() {
    return path;
  }

  /** Returns where the next record begins, in bytes from the start of the file. */
  long end() {
    return flushed + pending.position();
  }

  /**
   * Appends a record of {@code head} and {@code tail} and returns where its bytes begin. It is
   * durable, and may be read, only after {@link #force()}.
   */
  long append(byte[] head, byte[] tail) throws IOException {
    var frame = new byte[FRAME_BYTES];
    ByteBuffer.wrap(frame).putInt(4, head.length + tail.length);
    var crc = new CRC32C();
    crc.update(frame, 4, 4);
    crc.update(head);
    crc.update(tail);
    ByteBuffer.wrap(frame).putInt(0, (int) crc.getValue());
    add(frame);
    long at = end();
    add(head);
    add(tail);
    return at;
  }

  /** Returns when everything appended is on the disk. */
  void force() throws IOException {
    flush();
    channel.force(false);
  }

  /** Takes back everything appended from {@code at} on. */
  void truncate(long at) throws IOException {
    pending.clear();
    channel.truncate(at);
    flushed = at;
  }

  /**
   * Reads bytes that were forced. Fails with ClosedChannelException if the log was replaced in the
   * meantime.
   */
  byte[] read(long at, int length) throws IOException {
    var bytes = new byte[length];
    if (!readFully(ByteBuffer.wrap(bytes), at)) {
      throw new IOException("expected " + length + " bytes at " + at + " of " + path);
    }
    return bytes;
  }

  /** Reads a whole record and compares its checksum. */
  byte[] readRecord(long at, int length) throws IOException {
    byte[] frame = read(at - FRAME_BYTES, FRAME_BYTES);
    byte[] record = read(at, length);
    if (ByteBuffer.wrap(frame).getInt(0) != checksum(frame, record, length)) {
      throw new IOException("expected a matching checksum at " + at + " of " + path);
    }
    return record;
  }

  /** Returns the bytes of the file that a record of {@code length} takes. */
  static long sizeOf(int length) {
    return FRAME_BYTES + (long) length;
  }

  private static int checksum(byte[] frame, byte[] record, int length) {
    var crc = new CRC32C();
    crc.update(frame, 4, 4);
    crc.update(record, 0, length);
    return (int) crc.getValue();
  }

  private void add(byte[] bytes) throws IOException {
    int from = 0;
    while (from < bytes.length) {
      if (!pending.hasRemaining()) {
        flush();
      }
      int count = Math.min(bytes.length - from, pending.remaining());
      pending.put(bytes, from, count);
      from += count;
    }
  }

  private void flush() throws IOException {
    pending.flip();
    while (pending.hasRemaining()) {
      int count = channel.write(pending, flushed + pending.position());
      if (count < 0) {
        throw new IOException("expected to write to " + path);
      }
    }
    flushed += pending.limit();
    pending.clear();
  }

  private boolean readFully(ByteBuffer target, long at) throws IOException {
    while (target.hasRemaining()) {
      ByteBuffer slice = target.slice(target.position(), Math.min(target.remaining(), SLICE_BYTES));
      int count = channel.read(slice, at);
      if (count < 0) {
        return false;
      }
      target.position(target.position() + count);
      at += count;
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
