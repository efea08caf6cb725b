package dev.satchel.publisher.store;

import dev.satchel.publisher.kv.KeyPage;
import dev.satchel.publisher.kv.NamespaceReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot in use and the copies beside it, {@code key@revision}, as KV shows them. KV may
 * answer with what was there a minute ago, so the newest that this process has seen is remembered.
 * Safe for any thread.
 */
public final class PublishedKey {
  private static final Logger LOG = LoggerFactory.getLogger(PublishedKey.class);

  private final NamespaceReader reader;
  private final String key;
  private @Nullable SnapshotMetadata newest;
  private long tried;
  private long told;
  private long takenBack;
  private long lookedAbove;
  private long highestCopy;
  private final AtomicBoolean toldElse = new AtomicBoolean();

  public PublishedKey(NamespaceReader reader, String key) {
    this.reader = reader;
    this.key = key;
  }

  public String key() {
    return key;
  }

  /** Under which a revision's copy lies. */
  public String copyKey(long revision) {
    return key + "@" + revision;
  }

  /**
   * The metadata that KV shows under the key; empty if nothing that we understand is there. Tells
   * of what it did not expect.
   */
  public Future<Optional<SnapshotMetadata>> shown() {
    return reader
        .metadata(key)
        .map(
            json -> {
              var metadata = json.flatMap(SnapshotMetadata::fromJson);
              if (json.isPresent() && metadata.isEmpty() && !toldElse.getAndSet(true)) {
                LOG.warn(
                    "expected a snapshot's metadata under {} but found something else; it will be"
                        + " replaced",
                    key);
              }
              metadata.ifPresent(this::notice);
              return metadata;
            });
  }

  /** The same for whoever waits for a write to be seen, and so is surprised by nothing. */
  public Future<Optional<SnapshotMetadata>> shownAfterWrite() {
    return reader.metadata(key).map(json -> json.flatMap(SnapshotMetadata::fromJson));
  }

  /** The value under the key. */
  public Future<Optional<Buffer>> value() {
    return reader.value(key);
  }

  /** The value of a revision's copy. */
  Future<Optional<Buffer>> copy(long revision) {
    return reader.value(copyKey(revision));
  }

  /** The metadata of a revision's copy. */
  public Future<Optional<SnapshotMetadata>> copyMetadata(long revision) {
    return reader
        .metadata(copyKey(revision))
        .map(
            json ->
                json.flatMap(SnapshotMetadata::fromJson)
                    .filter(metadata -> metadata.revision() == revision));
  }

  /** The metadata of all copies, newest first. One request for each thousand. */
  public Future<List<SnapshotMetadata>> copies() {
    return copies(null, new ArrayList<>());
  }

  private Future<List<SnapshotMetadata>> copies(
      @Nullable String cursor, List<SnapshotMetadata> found) {
    String prefix = key + "@";
    return reader
        .keys(prefix, cursor)
        .compose(
            page -> {
              for (KeyPage.Key copy : page.keys()) {
                if (copy.metadata() != null) {
                  SnapshotMetadata.fromJson(copy.metadata())
                      .filter(metadata -> copy.name().equals(copyKey(metadata.revision())))
                      .ifPresent(found::add);
                }
              }
              if (page.cursor() != null) {
                return copies(page.cursor(), found);
              }
              found.sort(Comparator.comparingLong(SnapshotMetadata::revision).reversed());
              return Future.succeededFuture(found);
            });
  }

  /**
   * Looks for a copy above what is shown, unless this process made that or has looked already. KV
   * may take a write minutes after its publisher gave up on it, over a newer one: readers that have
   * the newer one wait for one above it, also if what is shown says what the database does.
   */
  public Future<Void> lookAbove(SnapshotMetadata shown) {
    synchronized (this) {
      if (lookedAbove == shown.revision()) {
        return Future.succeededFuture();
      }
    }
    return copies()
        .map(
            copies -> {
              synchronized (this) {
                lookedAbove = shown.revision();
                if (!copies.isEmpty()) {
                  highestCopy = Math.max(highestCopy, copies.get(0).revision());
                }
              }
              return null;
            });
  }

  /** Remembers what this process is about to put under the key, for the answer may be lost. */
  public synchronized void tries(SnapshotMetadata metadata) {
    tried = metadata.revision();
  }

  /** Remembers what this process has put under the key, and seen there if it looks. */
  public synchronized void wrote(SnapshotMetadata metadata) {
    noticeTakenBack(metadata);
    newest = metadata;
    lookedAbove = metadata.revision();
  }

  /** False when KV shows less than we know of: an old answer must not pass for what is in use. */
  public synchronized boolean isCurrent(SnapshotMetadata shown) {
    return shown.revision() >= highestCopy
        && (newest == null || shown.revision() >= newest.revision());
  }

  /** What is in use as far as we know: what KV shows, unless that is older than what we saw. */
  public synchronized Optional<SnapshotMetadata> latest(Optional<SnapshotMetadata> shown) {
    return shown.isPresent() && isCurrent(shown.get()) && !isTakenBack(shown.get())
        ? shown
        : Optional.ofNullable(newest);
  }

  /** Whether an old answer shows a hold that we have seen taken back. */
  private boolean isTakenBack(SnapshotMetadata shown) {
    return shown.hold() != null && shown.revision() == takenBack;
  }

  private void noticeTakenBack(SnapshotMetadata now) {
    if (newest != null
        && newest.revision() == now.revision()
        && newest.hold() != null
        && now.hold() == null) {
      takenBack = now.revision();
    }
  }

  /** What holds the snapshot in use as far as we know. */
  public Optional<Hold> hold(Optional<SnapshotMetadata> shown) {
    return latest(shown).map(SnapshotMetadata::hold);
  }

  /** A revision above all that are known: the time in Unix ms, unless one is ahead of that. */
  public synchronized long nextRevision(Optional<SnapshotMetadata> shown, Instant now) {
    long known = latest(shown).map(SnapshotMetadata::revision).orElse(0L);
    return Math.max(Math.max(Math.max(known, tried), highestCopy) + 1, now.toEpochMilli());
  }

  /** Tells once of a revision that came without us while this process was at work. */
  private synchronized void notice(SnapshotMetadata shown) {
    SnapshotMetadata last = newest;
    if (last != null
        && shown.revision() != last.revision()
        && shown.revision() != tried
        && shown.revision() != told) {
      told = shown.revision();
      String by = shown.host() == null ? "nobody says who did" : "made on " + shown.host();
      if (shown.revision() > last.revision()) {
        LOG.warn(
            "expected revision {} under {} but found {}, which this publisher did not make: {}",
            last.revision(),
            key,
            shown.revision(),
            by);
      } else {
        LOG.warn(
            "expected revision {} under {} but found the lower {}, {}: KV answers with an old"
                + " value, or somebody else wrote it",
            last.revision(),
            key,
            shown.revision(),
            by);
      }
    }
    noticeTakenBack(shown);
    if (last == null || (shown.revision() >= last.revision() && !isTakenBack(shown))) {
      newest = shown; // at the same revision, too: its hold may have been taken back
    }
  }
}
