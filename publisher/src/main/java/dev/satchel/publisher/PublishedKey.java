package dev.satchel.publisher;

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
 * The snapshot in use and its copies under {@code key@revision}, as KV shows them. KV may answer
 * with what was there a minute ago, so this remembers the newest snapshot that this process has
 * seen. Safe for any thread.
 */
final class PublishedKey {
  private static final Logger log = LoggerFactory.getLogger(PublishedKey.class);

  private final NamespaceReader reader;
  private final String key;
  private @Nullable SnapshotMetadata newest;
  private long tried;
  private long told;
  private long takenBack;
  private long lookedAbove;
  private long highestCopy;
  private final AtomicBoolean toldElse = new AtomicBoolean();

  PublishedKey(NamespaceReader reader, String key) {
    this.reader = reader;
    this.key = key;
  }

  String key() {
    return key;
  }

  /** Returns the key under which a revision's copy lies. */
  String copyKey(long revision) {
    return key + "@" + revision;
  }

  /**
   * Returns the metadata that KV shows under the key; empty if there is nothing that we understand.
   * Logs what it did not expect.
   */
  Future<Optional<SnapshotMetadata>> shown() {
    return reader
        .metadata(key)
        .map(
            json -> {
              var metadata = json.flatMap(SnapshotMetadata::fromJson);
              if (json.isPresent() && metadata.isEmpty() && !toldElse.getAndSet(true)) {
                log.warn(
                    "expected a snapshot's metadata under {} but found something else, which will be"
                        + " replaced",
                    key);
              }
              metadata.ifPresent(this::notice);
              return metadata;
            });
  }

  /** Returns the same to a caller who waits for a write to become visible; logs no surprises. */
  Future<Optional<SnapshotMetadata>> shownAfterWrite() {
    return reader.metadata(key).map(json -> json.flatMap(SnapshotMetadata::fromJson));
  }

  /** Returns the value under the key. */
  Future<Optional<Buffer>> value() {
    return reader.value(key);
  }

  /** Returns the value of a revision's copy. */
  Future<Optional<Buffer>> copy(long revision) {
    return reader.value(copyKey(revision));
  }

  /** Returns the metadata of a revision's copy. */
  Future<Optional<SnapshotMetadata>> copyMetadata(long revision) {
    return reader
        .metadata(copyKey(revision))
        .map(
            json ->
                json.flatMap(SnapshotMetadata::fromJson)
                    .filter(metadata -> metadata.revision() == revision));
  }

  /** Returns the metadata of all copies, newest first. Takes one request for each thousand. */
  Future<List<SnapshotMetadata>> copies() {
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
   * may apply a write minutes after its publisher gave up on it, over a newer one. Readers that
   * hold the newer one then wait for a revision above it, even if what is shown agrees with the
   * database.
   */
  Future<Void> lookAbove(SnapshotMetadata shown) {
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

  /** Remembers what this process is about to put under the key, because the answer may be lost. */
  synchronized void tries(SnapshotMetadata metadata) {
    tried = metadata.revision();
  }

  /** Remembers what this process has put under the key, and has seen there if it checks. */
  synchronized void wrote(SnapshotMetadata metadata) {
    noticeTakenBack(metadata);
    newest = metadata;
    lookedAbove = metadata.revision();
  }

  /**
   * Returns false when KV shows an older revision than we know of: an old answer must not count as
   * the snapshot in use.
   */
  synchronized boolean isCurrent(SnapshotMetadata shown) {
    return shown.revision() >= highestCopy
        && (newest == null || shown.revision() >= newest.revision());
  }

  /**
   * Returns what is in use as far as we know: what KV shows, unless we have seen something newer.
   */
  synchronized Optional<SnapshotMetadata> latest(Optional<SnapshotMetadata> shown) {
    return shown.isPresent() && isCurrent(shown.get()) && !isTakenBack(shown.get())
        ? shown
        : Optional.ofNullable(newest);
  }

  /** Returns whether an old answer shows a hold that we have seen withdrawn. */
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

  /** Returns the hold on the snapshot in use, as far as we know. */
  Optional<Hold> hold(Optional<SnapshotMetadata> shown) {
    return latest(shown).map(SnapshotMetadata::hold);
  }

  /**
   * Returns a revision above all that are known: the time in Unix ms, unless one is ahead of it.
   */
  synchronized long nextRevision(Optional<SnapshotMetadata> shown, Instant now) {
    long known = latest(shown).map(SnapshotMetadata::revision).orElse(0L);
    return Math.max(Math.max(Math.max(known, tried), highestCopy) + 1, now.toEpochMilli());
  }

  /** Logs once that another publisher made a revision while this process was running. */
  private synchronized void notice(SnapshotMetadata shown) {
    SnapshotMetadata last = newest;
    if (last != null
        && shown.revision() != last.revision()
        && shown.revision() != tried
        && shown.revision() != told) {
      told = shown.revision();
      String by = shown.host() == null ? "made on an unknown host" : "made on " + shown.host();
      if (shown.revision() > last.revision()) {
        log.warn(
            "expected revision {} under {} but found {}, which this publisher did not make: {}",
            last.revision(),
            key,
            shown.revision(),
            by);
      } else {
        log.warn(
            "expected revision {} under {} but found the lower {}, {}: KV returned an old"
                + " value, or somebody else wrote it",
            last.revision(),
            key,
            shown.revision(),
            by);
      }
    }
    noticeTakenBack(shown);
    if (last == null || (shown.revision() >= last.revision() && !isTakenBack(shown))) {
      newest = shown; // even at the same revision: its hold may have been withdrawn
    }
  }
}
