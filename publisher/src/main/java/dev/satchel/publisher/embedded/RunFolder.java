package dev.satchel.publisher.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run's own temporary folder, locked for as long as this process lives. Creating one deletes
 * the folders of runs that could not clean up after themselves.
 */
final class RunFolder {
  private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);
  private static final String PREFIX = "satchel-database-";
  private static final String LOCK = "lock";

  // closing any channel of a file releases all locks that this process has on it: fcntl(2)
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel lock;

  private RunFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  static RunFolder create() throws IOException {
    // PostgreSQL's account must be able to pass through when root runs it; what is inside is closed
    // to others
    Path path =
        Files.createTempDirectory(
            EmbeddedDatabase.TEMPORARY,
            PREFIX,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
    OURS.add(path);
    // locked before it gets its name: an unlocked folder counts as abandoned
    Path unnamed = path.resolve(LOCK + ".new");
    FileChannel lock =
        FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lock.lock();
    Files.move(unnamed, path.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
    removeAbandoned(path);
    return new RunFolder(path, lock);
  }

  Path path() {
    return path;
  }

  void remove() throws IOException {
    delete(path);
    lock.close(); // not earlier: it would count as abandoned
    OURS.remove(path);
  }

  private static void removeAbandoned(Path ours) throws IOException {
    List<Path> others;
    try (var found = Files.list(EmbeddedDatabase.TEMPORARY)) {
      others =
          found
              .filter(p -> p.getFileName().toString().startsWith(PREFIX) && !OURS.contains(p))
              .toList();
    }
    for (Path other : others) {
      try {
        if (Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(ours))
            && isAbandoned(other)) {
          stopServer(other);
          delete(other);
        }
      } catch (IOException e) {
        LOG.debug(
            "left {} alone: {}",
            other,
            e.toString()); // its own run deletes it, or it is a stranger's
      }
    }
  }

  private static boolean isAbandoned(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
      return channel.tryLock() != null;
    } catch (NoSuchFileException e) {
      // was either interrupted between its first two steps, or is in them right now
      return Files.getLastModifiedTime(folder).toMillis() < System.currentTimeMillis() - 600_000;
    }
  }

  private static void stopServer(Path folder) throws IOException {
    Path pidFile = folder.resolve("data/postmaster.pid");
    if (Files.exists(pidFile)) {
      String data = folder.resolve("data").toString();
      ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).get(0).strip()))
          // the number may belong to another process by now
          .filter(p -> p.info().commandLine().orElse("").contains(data))
          .ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
