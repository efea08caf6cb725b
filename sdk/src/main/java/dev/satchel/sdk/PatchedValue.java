package dev.satchel.sdk;

import dev.satchel.kv.Digests;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import dev.satchel.snapshot.StoredFrames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The value of a snapshot that patches have made, which never was in this process as a whole.
 * Written from the snapshot and from an earlier value in a file. Holds one frame at a time.
 *
 * @param sha256 that the value must have
 * @param earlier a file that may be damaged or gone, or null
 */
record PatchedValue(Snapshot snapshot, String sha256, @Nullable Path earlier)
    implements FileContent {
  private static final int START_BYTES = 8;

  /** Returns whether the value that was written is the one that was published. */
  @Override
  public boolean writeTo(FileChannel target) throws IOException {
    if (earlier != null) {
      try (var source = FileChannel.open(earlier, StandardOpenOption.READ)) {
        return write(target, source, header(source));
      } catch (NoSuchFileException replaced) {
        // by another process: then everything is compressed again
      }
    }
    return write(target, null, null);
  }

  private static byte @Nullable [] header(FileChannel source) throws IOException {
    byte[] start = read(source, 0, START_BYTES);
    int bytes = StoredFrames.headerBytes(start);
    return bytes == 0 || bytes > source.size() ? null : read(source, 0, bytes);
  }

  private boolean write(
      FileChannel target, @Nullable FileChannel source, byte @Nullable [] earlierHeader)
      throws IOException {
    MessageDigest digest = Digests.sha256();
    put(target, snapshot.header(), digest);
    StoredFrames frames = frames(earlierHeader);
    for (int i = 0; i < frames.count(); i++) {
      long at = frames.placeInEarlier(i);
      if (source != null && at != StoredFrames.ABSENT) {
        for (int done = 0; done < frames.bytes(i); done += PIECE_BYTES) {
          int piece = Math.min(PIECE_BYTES, frames.bytes(i) - done);
          put(target, read(source, at + done, piece), digest);
        }
      } else {
        byte[] frame = frames.frame(i);
        if (frame == null) {
          return false;
        }
        put(target, frame, digest);
      }
    }
    return HexFormat.of().formatHex(digest.digest()).equals(sha256);
  }

  private StoredFrames frames(byte @Nullable [] earlierHeader) {
    try {
      return StoredFrames.of(snapshot, earlierHeader);
    } catch (SnapshotFormatException damaged) {
      return StoredFrames.of(snapshot, null);
    }
  }

  private static byte[] read(FileChannel source, long from, int count) throws IOException {
    var bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining() && source.read(bytes, from + bytes.position()) >= 0) {
      // until it is full or the file ends: then the digest will not fit
    }
    return bytes.array();
  }

  private static void put(FileChannel target, byte[] bytes, MessageDigest digest)
      throws IOException {
    digest.update(bytes);
    for (int at = 0; at < bytes.length; ) {
      int piece = Math.min(PIECE_BYTES, bytes.length - at);
      at += target.write(ByteBuffer.wrap(bytes, at, piece));
    }
  }
}
