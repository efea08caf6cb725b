package dev.satchel.kv.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one store: {@code pairs-N.log}, where the highest N counts, and a file whose
 * lock keeps other processes out. A log is written as {@code .part} and renamed when it is whole.
 */
final class StoreDirectory implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreDirectory.class);
  private static final Pattern LOG_NAME = Pattern.compile("pairs-(\\d{1,9})\\.log");
  private static final String LOCK_NAME = "lock";
  private static final String PART = ".part";

  private final Path path;
  private final FileChannel lock;
  private int generation;

  private StoreDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  static StoreDirectory open(Path path) throws IOException {
    Files.createDirectories(path);
    FileChannel lock =
        FileChannel.open(
            path.resolve(LOCK_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (tryLock(lock) == null) {
        throw new IOException(
            "expected " + path + " to be free but another local KV server uses it");
      }
      return new StoreDirectory(path, lock);
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  /** Opens the newest log, or makes the first, and removes what a crash left. */
  RecordLog openLog(RecordLog.Visitor visitor) throws IOException {
    List<Path> logs = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (LOG_NAME.matcher(name).matches()) {
          logs.add(file);
        } else if (name.endsWith(PART)) {
          Files.delete(file);
        } else if (!name.equals(LOCK_NAME)) {
          LOG.warn("ignored {}: expected nothing but logs of the local KV server there", file);
        }
      }
    }
    if (logs.isEmpty()) {
      RecordLog first = createLog();
      first.force();
      publish(first);
      force();
      return first;
    }
    logs.sort(Comparator.comparingInt(StoreDirectory::generationOf));
    Path newest = logs.remove(logs.size() - 1);
    generation = generationOf(newest);
    RecordLog log = RecordLog.open(newest, visitor);
    for (Path outdated : logs) {
      Files.delete(outdated);
    }
    return log;
  }

  private static int generationOf(Path log) {
    Matcher matcher = LOG_NAME.matcher(log.getFileName().toString());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }

  /** Makes a log that counts only after {@link #publish}. */
  RecordLog createLog() throws IOException {
    Path part = path.resolve(nameOf(generation + 1) + PART);
    Files.deleteIfExists(part);
    return RecordLog.create(part);
  }

  /** Makes a log that was forced the one that counts. */
  void publish(RecordLog log) throws IOException {
    Files.move(log.path(), path.resolve(nameOf(generation + 1)), StandardCopyOption.ATOMIC_MOVE);
    generation++;
  }

  /** Removes a log that no longer counts; anyone still reading it finds its channel closed. */
  void removeOutdated(RecordLog log) throws IOException {
    log.close();
    force(); // before the old name goes, the new one must be on the disk
    Files.deleteIfExists(path.resolve(nameOf(generation - 1)));
  }

  private void force() throws IOException {
    try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private static String nameOf(int generation) {
    return "pairs-" + generation + ".log";
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
