package dev.satchel.sdk;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot in a file, or the newest {@code *.satchel} file of a folder, watched: a client sees a
 * change after about a second. Safe for any thread.
 *
 * <p>Write files beside and move them in place. A file that is read while it is written is refused,
 * and read again when it has changed.
 */
public final class FileSource implements SnapshotSource {
  private static final String SUFFIX = ".satchel";

  // times of files, not the system's notices: those miss links that are redirected, as Kubernetes
  // does with mounted files, and what happens on network file systems
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Path path;
  private volatile long timer = -1;
  private volatile boolean closed;
  private volatile boolean looking;
  private volatile String lastTag = "";

  private FileSource(Vertx vertx, Path path) {
    this.vertx = vertx;
    this.path = path;
  }

  /** The file or folder at this path, which need not exist yet. */
  public static FileSource of(Vertx vertx, Path path) {
    return new FileSource(vertx, path);
  }

  /** A file and what tells it from what it was before. */
  private record Seen(Path file, String tag, long bytes) {}

  @Override
  public Future<Optional<Announcement>> announcement() {
    return vertx.executeBlocking(
        () ->
            seen().map(seen -> new Announcement(seen.tag, Announcement.UNKNOWN, null, seen.bytes)),
        false);
  }

  @Override
  public Future<Optional<Buffer>> value(Announcement announced) {
    return vertx.executeBlocking(
        () -> {
          Seen before = seen().orElse(null);
          if (before == null) {
            return Optional.empty();
          }
          byte[] value = LimitedRead.of(before.file);
          if (!before.tag.equals(announced.tag())
              || !seen().map(Seen::tag).equals(Optional.of(before.tag))) {
            throw new RefusedException("%s changed while it was read".formatted(this));
          }
          return Optional.of(Buffer.buffer(value));
        },
        false);
  }

  @Override
  public Registration whenChanged(Runnable changed) {
    timer = vertx.setPeriodic(BETWEEN_LOOKS.toMillis(), due -> look(changed));
    if (closed) {
      vertx.cancelTimer(timer);
    }
    return () -> vertx.cancelTimer(timer);
  }

  private void look(Runnable changed) {
    if (looking) {
      return; // the file system hangs
    }
    looking = true;
    vertx
        .executeBlocking(() -> seen().map(Seen::tag).orElse(""), false)
        .onComplete(
            (tag, failure) -> {
              looking = false;
              if (tag != null && !tag.equals(lastTag) && !closed) {
                lastTag = tag;
                changed.run();
              }
            });
  }

  /** The file in use, or empty if there is none. */
  private Optional<Seen> seen() throws IOException {
    try {
      if (!Files.isDirectory(path)) {
        return Optional.of(seen(path));
      }
      Seen newest = null;
      try (Stream<Path> files = Files.list(path)) {
        var named = files.filter(file -> file.getFileName().toString().endsWith(SUFFIX));
        for (Path file : named.sorted(Comparator.reverseOrder()).toList()) {
          newest = later(newest, file);
        }
      }
      return Optional.ofNullable(newest);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  private static Seen later(@Nullable Seen newest, Path file) throws IOException {
    Seen next = seen(file);
    return newest == null
            || Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(newest.file)) > 0
        ? next
        : newest;
  }

  private static Seen seen(Path file) throws IOException {
    var about = Files.readAttributes(file, BasicFileAttributes.class);
    String tag =
        "%s %s %d %s".formatted(file, about.lastModifiedTime(), about.size(), about.fileKey());
    return new Seen(file, tag, about.size());
  }

  @Override
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(timer);
    return Future.succeededFuture();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
