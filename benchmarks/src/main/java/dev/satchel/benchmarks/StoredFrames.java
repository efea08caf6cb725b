package dev.satchel.benchmarks;

import com.github.luben.zstd.Zstd;
import dev.satchel.snapshot.Section;
import dev.satchel.snapshot.Snapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The zstd frames of a value, located by the format's document alone: 100 bytes precede the number
 * of users, then come the number of frames and 40 bytes for each frame, of which the first 8 give
 * its stored and its opened length.
 */
final class StoredFrames {
  private static final int HEADER_LENGTH_AT = 4;
  private static final int FRAMES_AT = 104;
  private static final int ENTRY_BYTES = 40;
  private static final int MOST_FRAME_BYTES = 1 << 20;

  private final byte[] value;
  private final int[] stored;
  private final int[] opened;
  private final int from;
  private final byte[] content = new byte[MOST_FRAME_BYTES];

  StoredFrames(byte[] value) {
    this.value = value;
    ByteBuffer header = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    from = header.getInt(HEADER_LENGTH_AT) + 8;
    int frames = header.getInt(FRAMES_AT);
    stored = new int[frames];
    opened = new int[frames];
    for (int i = 0; i < frames; i++) {
      stored[i] = header.getInt(FRAMES_AT + 4 + i * ENTRY_BYTES);
      opened[i] = header.getInt(FRAMES_AT + 8 + i * ENTRY_BYTES);
    }
  }

  /** Returns where the frames of the first fields end, including the user ids that precede them. */
  static int endOf(byte[] value, int fields) {
    List<Section> sections = Snapshot.open(value).sections();
    StoredFrames frames = new StoredFrames(value);
    long most = frames.from;
    for (Section section : sections.subList(0, fields + 1)) {
      most += section.valueBytes(); // including its descriptor, which is in the header
    }
    int end = frames.from;
    for (int i = 0; i < frames.stored.length && end + frames.stored[i] <= most; i++) {
      end += frames.stored[i];
    }
    return end;
  }

  /**
   * Does the minimum work of opening, on one thread: decompresses the frames up to a position in
   * the value, each into the same array, and takes the SHA-256 of all bytes up to there.
   */
  int openAndCheck(int end) {
    int at = from;
    int seen = 0;
    for (int i = 0; i < stored.length && at < end; i++) {
      Zstd.decompressByteArray(content, 0, opened[i], value, at, stored[i]);
      seen += content[opened[i] / 2];
      at += stored[i];
    }
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(value, 0, end);
      return seen + sha256.digest()[0];
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
