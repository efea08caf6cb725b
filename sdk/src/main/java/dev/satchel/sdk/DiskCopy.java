package dev.satchel.sdk;

import dev.satchel.kv.Digests;
import dev.satchel.kv.LimitedRead;
import dev.satchel.kv.RevisionBound;
import dev.satchel.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest two snapshots of a key, kept in a directory for the next start. Blocks. Threads take
 * turns; any number of processes may share the directory.
 *
 * <p>A file is named by key, revision and SHA-256, and holds the value as it was published. It is
 * written under another name, forced to the disk and moved into place, so no reader ever sees a
 * part of it, and processes that write the same revision write the same file. Its modification time
 * is when the source last confirmed it. No failure here reaches the client; each kind is logged
 * once.
 */
final class DiskCopy {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLog.NAME);
  private static final int KEPT = 2;
  private static final int IDENTITY_DIGITS = 12;
  private static final int MAX_LISTINGS = 10;
  private static final String SUFFIX = ".satchel";
  private static final String PART_SUFFIX = ".part";
  private static final Pattern NAME =
      Pattern.compile(
          "(?<key>.+)@(?<revision>[1-9][0-9]{0,18})[.](?<sha256>[0-9a-f]{64})[.]satchel");

  /** A part of this age was left by a process that ended while writing. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private static final Duration BETWEEN_MARKS = Duration.ofSeconds(30);

  private final Path directory;

  /** What the names of our files begin with, and those of all sources' files of this key. */
  private final String key;

  private final String keyOfAll;
  private boolean isForeignTold;
  private @Nullable String lastProblem;
  private Instant markedAt = Instant.EPOCH;
  private @Nullable Path inUse;

  /**
   * @param identity of the source, which the files are named by too: those of staging must never
   *     pass for those of production
   */
  DiskCopy(Path directory, String key, String identity) {
    this.directory = directory;
    this.keyOfAll = fileName(key);
    this.key = prefix(key, identity);
  }

  /** Returns what the names of this source's files of this key begin with. */
  static String prefix(String key, String identity) {
    String digest = Digests.sha256(identity.getBytes(StandardCharsets.UTF_8));
    return fileName(key) + "." + digest.substring(0, IDENTITY_DIGITS);
  }

  /** A file that looks like a copy; its content has not been checked. */
  record Kept(Path file, long revision, String sha256) {}

  /** A sound copy, and when the source last confirmed it. */
  record Found<T>(T opened, Instant agreedAt) {}

  /** Opens the bytes of a copy; throws a RuntimeException with the reason if it cannot. */
  interface Opener<T> {
    T open(byte[] value, String sha256);
  }

  /**
   * Returns the newest sound copy, or empty if there is none.
   *
   * @param wanted the only revision to look at, or null for any
   */
  synchronized <T> Optional<Found<T>> newest(@Nullable Long wanted, Opener<T> opener) {
    for (int listing = 1; ; listing++) {
      boolean vanished = false;
      for (Kept kept : kept()) {
        if (wanted != null && wanted != kept.revision) {
          continue;
        }
        try {
          Optional<Found<T>> found = sound(kept, opener);
          if (found.isPresent()) {
            inUse = kept.file;
            return found;
          }
        } catch (NoSuchFileException e) {
          vanished = true;
        } catch (IOException | RuntimeException e) {
          ignore(kept, inWords(e));
        }
      }
      // another process may have replaced all the listed ones by newer ones
      if (!vanished || listing == MAX_LISTINGS) {
        return Optional.empty();
      }
    }
  }

  private <T> Optional<Found<T>> sound(Kept kept, Opener<T> opener) throws IOException {
    Instant agreedAt = Files.getLastModifiedTime(kept.file).toInstant();
    byte[] value = LimitedRead.of(kept.file);
    String found = Digests.sha256(value);
    if (!found.equals(kept.sha256)) {
      ignore(kept, "expected sha256 " + kept.sha256 + " but found " + found);
      // it will never match its name, and it blocks a sound one
      Files.deleteIfExists(kept.file);
      return Optional.empty();
    }
    return Optional.of(new Found<>(opener.open(value, found), agreedAt));
  }

  /**
   * Returns the revision of the newest sound copy above this revision, or empty if there is none.
   * Reads only copies with a higher revision in their names.
   */
  synchronized Optional<Long> newestAbove(long revision, Opener<Long> opener) {
    List<Kept> listed;
    try {
      listed = listed();
    } catch (IOException | RuntimeException e) {
      LOG.debug(
          "cannot read the copies in {}",
          directory,
          e); // reported when the next copy is to be kept
      return Optional.empty();
    }
    for (Kept kept : listed) {
      if (kept.revision <= revision) {
        break;
      }
      try {
        Optional<Found<Long>> found = sound(kept, opener);
        if (found.isPresent() && found.get().opened > revision) {
          return Optional.of(found.get().opened);
        }
      } catch (NoSuchFileException replaced) {
        LOG.trace("{} was replaced by newer ones", kept.file);
      } catch (IOException | RuntimeException e) {
        ignore(kept, inWords(e));
      }
    }
    return Optional.empty();
  }

  /** Keeps this value, which the source confirms now, and only the newest of the others. */
  synchronized void keep(long revision, String sha256, byte[] value, Instant now) {
    Path file = path(revision, sha256);
    try {
      Files.createDirectories(directory);
      if (!mark(file, value, now)) {
        write(file, channel -> writeAll(channel, value), now);
      }
      inUse = file;
      markedAt = now;
      clean(now);
      worked();
    } catch (IOException | RuntimeException | VirtualMachineError e) {
      failed("cannot keep a copy in " + directory + ": " + inWords(e));
    }
  }

  /**
   * Keeps the value of a snapshot that patches have made, as it was published: what an earlier copy
   * has of it comes from there, a piece at a time, and the rest is compressed again. If that does
   * not give what was published, the earlier copies stay as they are.
   */
  synchronized void keepPatched(Snapshot snapshot, String sha256, Instant now) {
    Path file = path(snapshot.revision(), sha256);
    try {
      Files.createDirectories(directory);
      if (!Files.exists(file)
          && !write(file, new PatchedValue(snapshot, sha256, inUse), now)
          && !write(file, new PatchedValue(snapshot, sha256, null), now)) {
        LOG.debug("{} stays, since zstd compresses otherwise here", inUse);
        return;
      }
      inUse = file;
      markedAt = now;
      clean(now);
      worked();
    } catch (IOException | RuntimeException | VirtualMachineError e) {
      failed("cannot keep a copy in " + directory + ": " + inWords(e));
    }
  }

  private Path path(long revision, String sha256) {
    return directory.resolve(key + "@" + revision + "." + sha256 + SUFFIX);
  }

  /** Notes that the source confirms the copy in use; skips this if the last note is recent. */
  synchronized void mark(Instant now) {
    Path file = inUse;
    if (file == null || now.isBefore(markedAt.plus(BETWEEN_MARKS))) {
      return;
    }
    markedAt = now;
    try {
      Files.setLastModifiedTime(file, FileTime.from(now));
      worked();
    } catch (NoSuchFileException e) {
      if (kept().isEmpty()) { // otherwise other processes have moved on to newer ones
        failed("the copies in " + directory + " are gone until the next revision");
      }
    } catch (IOException | RuntimeException e) {
      failed("cannot keep the copy up to date in " + directory + ": " + inWords(e));
    }
  }

  /**
   * Returns whether the file is there already, perhaps written by another process, and is sound;
   * marks it then.
   */
  private static boolean mark(Path file, byte[] value, Instant now) throws IOException {
    try (var kept = Files.newInputStream(file)) {
      byte[] piece = new byte[FileContent.PIECE_BYTES];
      int at = 0;
      for (int read; (read = kept.readNBytes(piece, 0, piece.length)) > 0; at += read) {
        if (read > value.length - at || !Arrays.equals(piece, 0, read, value, at, at + read)) {
          return false;
        }
      }
      if (at < value.length) {
        return false;
      }
      Files.setLastModifiedTime(file, FileTime.from(now));
      return true;
    } catch (NoSuchFileException absent) {
      return false;
    }
  }

  private static boolean writeAll(FileChannel channel, byte[] value) throws IOException {
    for (int at = 0; at < value.length; ) {
      int piece = Math.min(FileContent.PIECE_BYTES, value.length - at);
      at += channel.write(ByteBuffer.wrap(value, at, piece));
    }
    return true;
  }

  /** Puts a file in place, unless its content is not what was expected. */
  private boolean write(Path file, FileContent content, Instant now) throws IOException {
    Path part = Files.createTempFile(directory, key, PART_SUFFIX);
    try {
      try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        if (!content.writeTo(channel)) {
          return false;
        }
        // before the move: a crash must not leave a name without content
        channel.force(true);
      }
      Files.setLastModifiedTime(part, FileTime.from(now));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
    forceDirectory();
    return true;
  }

  private void forceDirectory() throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (java.nio.file.AccessDeniedException windows) {
      LOG.debug("{} cannot be forced to the disk here", directory);
    }
  }

  private void clean(Instant now) throws IOException {
    int kept = 0;
    for (Kept copy : kept()) {
      // one that no client believes must not take the place of one that can be used
      boolean isUsable = copy.file.equals(inUse) || RevisionBound.isBelievable(copy.revision, now);
      kept += isUsable ? 1 : 0;
      if (!isUsable || kept > KEPT) {
        Files.deleteIfExists(copy.file);
      }
    }
    Instant abandoned = now.minus(ABANDONED);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path part : files.filter(this::isPart).toList()) {
        try {
          if (Files.getLastModifiedTime(part).toInstant().isBefore(abandoned)) {
            Files.deleteIfExists(part);
          }
        } catch (NoSuchFileException moved) {
          LOG.trace("{} was moved in place meanwhile", part);
        }
      }
    }
  }

  private boolean isPart(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(keyOfAll) && name.endsWith(PART_SUFFIX);
  }

  /**
   * Returns the copies of this key, newest first; none if they cannot be listed, which is logged.
   */
  private List<Kept> kept() {
    try {
      return listed();
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException | RuntimeException e) {
      failed("cannot read the copies in " + directory + ": " + inWords(e));
      return List.of();
    }
  }

  private List<Kept> listed() throws IOException {
    var found = new ArrayList<Kept>();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(
          file -> {
            Matcher name = NAME.matcher(file.getFileName().toString());
            tellOfForeign(name);
            if (name.matches() && name.group("key").equals(key)) {
              revision(name.group("revision"))
                  .ifPresent(revision -> found.add(new Kept(file, revision, name.group("sha256"))));
            }
          });
    }
    found.sort(Comparator.comparingLong(Kept::revision).reversed());
    return found;
  }

  private void tellOfForeign(Matcher name) {
    if (!isForeignTold
        && name.matches()
        && name.group("key").startsWith(keyOfAll + ".")
        && !name.group("key").equals(key)) {
      isForeignTold = true;
      LOG.info("{} also has copies of this key from another source, which are not used", directory);
    }
  }

  private static Optional<Long> revision(String digits) {
    try {
      return Optional.of(Long.parseLong(digits));
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }

  private static void ignore(Kept kept, String reason) {
    LOG.warn("ignoring the copy {}: {}", kept.file, reason);
  }

  private void failed(String problem) {
    if (lastProblem == null) {
      LOG.warn("{}; the client goes on without a copy", problem);
    }
    lastProblem = problem;
  }

  private void worked() {
    if (lastProblem != null) {
      LOG.info("copies are kept in {} again", directory);
    }
    lastProblem = null;
  }

  private static String inWords(Throwable e) {
    return Failures.inWords(e);
  }

  /** Returns the key as part of a file name that differs for different keys on any file system. */
  private static String fileName(String key) {
    var name = new StringBuilder();
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-' || b == '_';
      name.append(plain ? String.valueOf((char) b) : "%%%02x".formatted(b & 0xFF));
    }
    return name.length() <= 100
        ? name.toString()
        : name.substring(0, 60)
            + Digests.sha256(key.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }
}
