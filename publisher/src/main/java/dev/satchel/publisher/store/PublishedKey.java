package dev.satchel.publisher.store;

import dev.satchel.kv.PublishedPatch;
import dev.satchel.kv.RevisionBound;
import dev.satchel.publisher.kv.KeyPage;
import dev.satchel.publisher.kv.NamespaceReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot in use and its copies, {@code key@revision}, as KV shows them. KV may answer with
 * what was there a minute ago, so it is read together with what was seen before. Safe for any
 * thread.
 */
public final class PublishedKey {
  private final NamespaceReader reader;
  private final String key;
  private final InstantSource clock;
  private final Surprises surprises;
  private final Sightings sightings;

  /**
   * @param clock tells which revisions are believed
   */
  public PublishedKey(NamespaceReader reader, String key, InstantSource clock) {
    this.reader = reader;
    this.key = key;
    this.clock = clock;
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

  /** Returns the key that says what the pairs of the users say. */
  public String pairsKey() {
    return key + "@pairs";
  }

  /** Reads what the pairs of the users say; empty if nothing that we understand tells. */
  public Future<Optional<PairState>> pairState() {
    return reader.metadata(pairsKey()).map(json -> json.flatMap(PairState::fromJson));
  }

  /** Reads how many pairs were written for each of the last revisions. */
  public Future<PairLog> pairLog() {
    return reader.value(pairsKey()).map(PairLog::of);
  }

  /**
   * Reads the metadata that KV shows under the key; empty if there are none that we understand and
   * believe. Tells of what it did not expect.
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
              var believed = metadata.filter(found -> isBelieved(found, key));
              believed.ifPresent(sightings::saw);
              return believed;
            });
  }

  private boolean isBelieved(SnapshotMetadata metadata, String where) {
    Instant now = clock.instant();
    if (RevisionBound.isBelievable(metadata.revision(), now)) {
      return !metadata.publishedAt().isAfter(now.plus(RevisionBound.MAX_AHEAD));
    }
    surprises.farAhead(where, metadata.revision(), now);
    return false;
  }

  /**
   * Reads the same and takes no note of it: nothing that is awaited, or only handed on, counts as a
   * surprise. It may be far ahead of the clock.
   */
  public Future<Optional<SnapshotMetadata>> peek() {
    return reader.metadata(key).map(json -> json.flatMap(SnapshotMetadata::fromJson));
  }

  /** Reads the value under the key. */
  public Future<Optional<Buffer>> value() {
    return reader.value(key);
  }

  /** Reads the patch to a revision. */
  Future<Optional<Buffer>> patch(long revision) {
    return reader.value(patchKey(revision));
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

  /**
   * Reads the metadata of all copies that we understand and believe, newest first. One request for
   * each thousand.
   */
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
                      .filter(metadata -> isBelieved(metadata, copy.name()))
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

  /** Remembers the highest copy above a revision, 0 if there is none. */
  void sawCopies(long revision, long highestAbove) {
    sightings.sawCopies(revision, highestAbove);
  }

  /** Returns whether this process made a revision, or has looked for copies above it. */
  boolean hasLookedAbove(long revision) {
    return sightings.hasLookedAbove(revision);
  }

  /** Remembers a revision that is proved, or that readers have: the next one is above it. */
  public void follow(long revision) {
    sightings.follow(revision);
  }

  /** Returns whether this process was the last to write this, as far as it knows. */
  boolean hasWritten(SnapshotMetadata shown) {
    return sightings.written().filter(shown::isOfTheSameValueAs).isPresent();
  }

  /** Returns what this process last put under the key, and saw there if it looks. */
  public Optional<SnapshotMetadata> written() {
    return sightings.written();
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
  public long nextRevision(Instant now) {
    return sightings.nextRevision(now);
  }
}
