package dev.satchel.benchmarks;

import com.github.luben.zstd.Zstd;
import com.spotify.sparkey.Sparkey;
import com.spotify.sparkey.SparkeyReader;
import com.spotify.sparkey.SparkeyWriter;
import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Spotify's Sparkey: a log of pairs and a hash index; both are transferred compressed, written to
 * files and mapped when opened. A user's value is a byte for the flag, then text.
 */
final class SparkeyPeer {
  private SparkeyPeer() {}

  /** Returns the length of the compressed log, the compressed log, and the compressed index. */
  static byte[] pack(Profile profile, int users) {
    Path folder = folder();
    File log = folder.resolve("users.spl").toFile();
    try {
      try (SparkeyWriter writer = Sparkey.createNew(log)) {
        SyntheticUsers.forEach(users, profile, (id, values) -> put(writer, id, values));
        writer.flush();
        writer.writeHash();
      }
      byte[] pairs = Zstd.compress(Files.readAllBytes(log.toPath()), 3);
      byte[] index = Zstd.compress(Files.readAllBytes(Sparkey.getIndexFile(log).toPath()), 3);
      return ByteBuffer.allocate(Integer.BYTES + pairs.length + index.length)
          .putInt(pairs.length)
          .put(pairs)
          .put(index)
          .array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(folder);
    }
  }

  private static void put(SparkeyWriter writer, UUID id, @Nullable Object[] values) {
    byte[] text =
        values.length == 1
            ? new byte[0]
            : Arrays.toString(Arrays.copyOfRange(values, 1, values.length))
                .getBytes(StandardCharsets.UTF_8);
    byte[] value = new byte[text.length + 1];
    value[0] = (byte) (Boolean.TRUE.equals(values[0]) ? 1 : 0);
    System.arraycopy(text, 0, value, 1, text.length);
    try {
      writer.put(key(id), value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] key(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  static Lookup open(byte[] packed) {
    int pairs = ByteBuffer.wrap(packed).getInt();
    Path folder = folder();
    File log = folder.resolve("users.spl").toFile();
    try {
      unpack(packed, Integer.BYTES, Integer.BYTES + pairs, log);
      unpack(packed, Integer.BYTES + pairs, packed.length, Sparkey.getIndexFile(log));
      return new Mapped(folder, Sparkey.open(log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unpack(byte[] packed, int from, int to, File file) throws IOException {
    byte[] part = Arrays.copyOfRange(packed, from, to);
    Files.write(file.toPath(), Zstd.decompress(part, (int) Zstd.getFrameContentSize(part)));
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("satchel-benchmark");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    File[] files = folder.toFile().listFiles();
    try {
      for (File file : files == null ? new File[0] : files) {
        Files.delete(file.toPath());
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The mapped files, which are deleted when closed. */
  private record Mapped(Path folder, SparkeyReader reader) implements Lookup {
    @Override
    public boolean isPreview(UUID id) {
      try {
        byte[] value = reader.getAsByteArray(key(id));
        return value != null && value[0] == 1;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean isPreview(String id) {
      return isPreview(UUID.fromString(id));
    }

    @Override
    public void close() {
      reader.close();
      delete(folder);
    }
  }
}
