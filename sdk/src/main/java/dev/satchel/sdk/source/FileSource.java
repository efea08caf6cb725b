package dev.satchel.sdk.source;

import dev.satchel.kv.LimitedRead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches a snapshot in a file, or the newest {@code *.satchel} file of a folder: a client sees a
 * change after about a second. Safe for any thread. Has a daemon thread of its own while a client
 * uses it.
 *
 * <p>Write a new file under another name and move it into place. A file that is read while it is
 * written is refused, and read again when it has changed.
 */
public final class FileSource implements SnapshotSource {
  private static final String SUFFIX = ".satchel";

  // polls file times instead of watching the system's events: those miss changes on network file
  // systems, and links that are redirected, as Kubernetes does for mounted files
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final Path path;

  private FileSource(Path path) {
    this.path = path;
  }

  /** Returns a source for the file or folder at this path, which need not exist yet. */
  public static FileSource of(Path path) {
    return new FileSource(path);
  }

  /** A file and what shows that it has changed. */
  private record Seen(Path file, String tag, long bytes, FileTime changed) {}

  @Override
  public Optional<Announcement> announcement() throws IOException {
    return seen().map(seen -> new Announcement(seen.tag, Announcement.UNKNOWN, null, seen.bytes));
  }

  @Override
  public Optional<byte[]> value(Announcement announced) throws IOException {
    Seen before = seen().orElse(null);
    if (before == null) {
      return Optional.empty();
    }
    byte[] value = LimitedRead.of(before.file);
    if (!before.tag.equals(announced.tag())
        || !seen().map(Seen::tag).equals(Optional.of(before.tag))) {
      throw SourceException.passing("%s changed while it was read".formatted(this));
    }
    return Optional.of(value);
  }

  @Override
  public Watch whenChanged(Runnable changed) {
    var watcher = new Thread(() -> watch(changed), "satchel-file-watch");
    watcher.setDaemon(true); // a forgotten client must not keep its application from ending
    watcher.start();
    return new Telling(watcher::interrupt);
  }

  private void watch(Runnable changed) {
    String before = "";
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          String now = tag();
          if (!now.equals(before)) {
            changed.run();
            before = now;
          }
        } catch (VirtualMachineError | LinkageError e) {
          // the application has filled the heap; the next look may have room
        }
        Thread.sleep(BETWEEN_LOOKS.toMillis());
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private String tag() {
    try {
      return seen().map(Seen::tag).orElse("");
    } catch (IOException | RuntimeException e) {
      return "unreadable"; // the poll that follows reports why
    }
  }

  /** Returns the file to use, or empty if there is none. */
  private Optional<Seen> seen() throws IOException {
    if (!Files.isDirectory(path)) {
      return seen(path);
    }
    Seen newest = null;
    try (Stream<Path> files = Files.list(path)) {
      var named = files.filter(file -> file.getFileName().toString().endsWith(SUFFIX));
      for (Path file : named.sorted(Comparator.reverseOrder()).toList()) {
        newest = later(newest, seen(file).orElse(null));
      }
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
    return Optional.ofNullable(newest);
  }

  private static @Nullable Seen later(@Nullable Seen one, @Nullable Seen other) {
    return one == null || (other != null && other.changed.compareTo(one.changed) > 0) ? other : one;
  }

  /** Returns the file, or empty if it is gone or is a link to one that is. */
  private static Optional<Seen> seen(Path file) throws IOException {
    try {
      var about = Files.readAttributes(file, BasicFileAttributes.class);
      FileTime changed = about.lastModifiedTime();
      String tag = "%s %s %d %s".formatted(file, changed, about.size(), about.fileKey());
      return Optional.of(new Seen(file, tag, about.size(), changed));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
