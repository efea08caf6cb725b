package dev.satchel.kv;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads values from files and streams, and refuses a value larger than KV allows. */
public final class LimitedRead {

  private LimitedRead() {}

  /** Returns the content of the file, read into one array without a copy. Blocks. */
  public static byte[] of(Path file) throws IOException {
    long bytes = Files.size(file);
    check(bytes, file.toString());
    try (InputStream in = Files.newInputStream(file)) {
      byte[] value = in.readNBytes((int) bytes);
      if (value.length < bytes || in.read() >= 0) {
        throw new IOException(
            "expected %d bytes in %s but it changed while it was read".formatted(bytes, file));
      }
      return value;
    }
  }

  /** Returns the content of the stream. Blocks. */
  public static byte[] of(InputStream in, String name) throws IOException {
    byte[] value = in.readNBytes(KvLimits.MAX_VALUE_BYTES + 1);
    check(value.length, name);
    return value;
  }

  private static void check(long bytes, String name) throws IOException {
    if (bytes > KvLimits.MAX_VALUE_BYTES) {
      throw new IOException(
          "expected at most %d bytes in %s but found more"
              .formatted(KvLimits.MAX_VALUE_BYTES, name));
    }
  }
}
