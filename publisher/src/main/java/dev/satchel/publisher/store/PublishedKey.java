package dev.satchel.publisher.store;

import dev.satchel.kv.PublishedPatch;
import dev.satchel.publisher.kv.KeyPage;
import dev.satchel.publisher.kv.NamespaceReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot in use and the copies beside it, {@code key@revision}, as KV shows them. KV may
 * answer with what was there a minute ago, so it is read together with what was seen before. Safe
 * for any thread.
 */
public final class PublishedKey {
  private final NamespaceReader reader;
  private final String key;
  private final Surprises surprises;
  private final Sightings sightings;

  public PublishedKey(NamespaceReader reader, String key) {
    this.reader = reader;
    this.key = key;
    this.surprises = new Surprises(key);
    this.sightings = new Sightings(surprises);
  }

  public String key() {
    return key;
  }

  /** Returns the key under which a revision's copy lies. */
  public String copyKey(long revision) {
    return key + "@" + revision;
  }

  /** Returns the key under which the patch to a revision lies. */
  public String patchKey(long revision) {
    return PublishedPatch.key(key, revision);
  }

  /**
   * Reads the metadata that KV shows under the key; empty if there are none that we understand.
   * Tells of what it did not expect.
   */
  public Future<Optional<SnapshotMetadata>> shown() {
    return reader
        .metadata(key)
        .map(
            json -> {
              var metadata = json.flatMap(SnapshotMetadata::fromJson);
              if (json.isPresent() && metadata.isEmpty()) {
                surprises.somethingElse();
              }
              metadata.ifPresent(sightings::saw);
              return metadata;
            });
  }

  /** Reads the same while a write is awaited, so that nothing counts as a surprise. */
  public Future<Optional<SnapshotMetadata>> shownAfterWrite() {
    return reader.metadata(key).map(json -> json.flatMap(SnapshotMetadata::fromJson));
  }

  /** Reads the value under the key. */
  public Future<Optional<Buffer>> value() {
    return reader.value(key);
  }

  /** Reads the value of a revision's copy. */
  Future<Optional<Buffer>> copy(long revision) {
    return reader.value(copyKey(revision));
  }

  /** Reads the metadata of a revision's copy. */
  public Future<Optional<SnapshotMetadata>> copyMetadata(long revision) {
    return reader
        .metadata(copyKey(revision))
        .map(
            json ->
                json.flatMap(SnapshotMetadata::fromJson)
                    .filter(metadata -> metadata.revision() == revision));
  }

  /** Reads the metadata of all copies, newest first. One request for each thousand. */
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
    return sightings.hasLookedAbove(shown)
        ? Future.succeededFuture()
        : copies()
            .map(
                copies -> {
                  sightings.sawCopies(shown, copies);
                  return null;
                });
  }

  /** Remembers what this process is about to put under the key, for the answer may be lost. */
  public void tries(SnapshotMetadata metadata) {
    sightings.tries(metadata);
  }

  /** Remembers what this process has put under the key, and seen there if it looks. */
  public void wrote(SnapshotMetadata metadata) {
    sightings.wrote(metadata);
  }

  /**
   * Returns false when KV shows less than we know of: an old answer must not pass for the snapshot
   * in use.
   */
  public boolean isCurrent(SnapshotMetadata shown) {
    return sightings.isCurrent(shown);
  }

  /**
   * Returns what is in use as far as we know: what KV shows, unless that is older than what we saw.
   */
  public Optional<SnapshotMetadata> latest(Optional<SnapshotMetadata> shown) {
    return sightings.latest(shown);
  }

  /** Returns the hold on the snapshot in use, as far as we know. */
  public Optional<Hold> hold(Optional<SnapshotMetadata> shown) {
    return latest(shown).map(SnapshotMetadata::hold);
  }

  /** Returns a revision above all known ones: the time in Unix ms, unless one is ahead of that. */
  public long nextRevision(Optional<SnapshotMetadata> shown, Instant now) {
    return sightings.nextRevision(shown, now);
  }
}
