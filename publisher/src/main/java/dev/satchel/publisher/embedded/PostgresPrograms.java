package dev.satchel.publisher.embedded;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's own programs, unpacked from our class path once for each user of the machine. */
final class PostgresPrograms {
  private static final Set<PosixFilePermission> ANYBODY_RUNS =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private PostgresPrograms() {}

  /**
   * Returns the folder with {@code bin/initdb} and {@code bin/postgres}.
   *
   * @param scratch a folder of the caller's on the same file system as the temporary folder; it
   *     also receives what an interrupted unpacking leaves behind, so that goes away with it
   * @throws IOException if there are none for this platform, or they cannot be unpacked
   */
  static Path unpacked(Path scratch) throws IOException {
    byte[] packed = PostgresArchive.ofThisPlatform().bytes();
    var crc = new CRC32();
    crc.update(packed);
    Path unpacked =
        EmbeddedDatabase.TEMPORARY.resolve(
            "satchel-postgres-%s-%08x"
                .formatted(Files.getOwner(scratch).getName(), crc.getValue()));
    if (isOurs(unpacked, scratch)) {
      return unpacked;
    }
    Path fresh = Files.createDirectory(scratch.resolve("programs"));
    unpack(new ByteArrayInputStream(packed), fresh);
    try {
      return Files.move(fresh, unpacked, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // another process was faster, or a stranger took the name; in that case ours stay where they
      // are
      return isOurs(unpacked, scratch) ? unpacked : fresh;
    }
  }

  private static boolean isOurs(Path unpacked, Path scratch) throws IOException {
    return Files.isDirectory(unpacked, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(unpacked, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(scratch))
        && Files.getPosixFilePermissions(unpacked).equals(ANYBODY_RUNS)
        && Files.isExecutable(unpacked.resolve("bin/postgres"));
  }

  private static void unpack(InputStream packed, Path folder) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder)) {
          throw new IOException("expected a path inside the archive but found " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
          } else {
            Files.copy(tar, file);
            boolean runs = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                file, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
          }
        }
      }
    }
    try (var all = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) all.filter(Files::isDirectory)::iterator) {
        Files.setPosixFilePermissions(path, ANYBODY_RUNS);
      }
    }
  }
}
