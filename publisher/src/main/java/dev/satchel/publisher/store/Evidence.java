package dev.satchel.publisher.store;

import dev.satchel.kv.Digests;
import dev.satchel.kv.RevisionBound;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotDiff;
import dev.satchel.snapshot.SnapshotFormatException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.ref.SoftReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the values under a key and its copies prove. Whoever has the token can write any metadata
 * and any value, so metadata count only as far as the value under the same key proves them: it is a
 * sound snapshot within our limits, of that revision and digest, and signed if there are keys.
 * Values are opened on worker threads. Safe for any thread.
 */
public final class Evidence {
  private static final Logger LOG = LoggerFactory.getLogger(Evidence.class);

  /**
   * How long a proof lasts while the metadata stay the same: a value may be replaced under them.
   */
  private static final Duration PROOF_LASTS = Duration.ofHours(1);

  private final Vertx vertx;
  private final PublishedKey key;
  private final Seal seal;
  private final boolean copiesAreKept;
  private final InstantSource clock;
  private volatile Proof last = Proof.none(true);
  private volatile Instant lastAt = Instant.MIN;
  private volatile @Nullable List<SnapshotMetadata> listed;

  /** What was proved or written last. */
  private volatile @Nullable Kept kept;

  /** A snapshot that is kept for as long as Java's heap has room for it, to compare with. */
  private record Kept(SnapshotMetadata metadata, SoftReference<Snapshot> snapshot) {}

  /**
   * @param copiesAreKept whether a copy is expected of whatever is under the key
   * @param clock tells which revisions are believed
   */
  public Evidence(
      Vertx vertx, PublishedKey key, Seal seal, boolean copiesAreKept, InstantSource clock) {
    this.vertx = vertx;
    this.key = key;
    this.seal = seal;
    this.copiesAreKept = copiesAreKept;
    this.clock = clock;
  }

  /**
   * What the value under the key proves.
   *
   * @param inUse the metadata shown, if the value bears them out; otherwise what is there has to be
   *     replaced
   * @param sound what the value itself says, if it is sound, and signed if there are keys
   * @param isOfNothing whether there is no value under the key
   */
  public record Proof(
      Optional<SnapshotMetadata> inUse, Optional<SnapshotMetadata> sound, boolean isOfNothing) {
    static Proof none(boolean isOfNothing) {
      return new Proof(Optional.empty(), Optional.empty(), isOfNothing);
    }
  }

  /**
   * Proves what is shown under the key. Reads the value, unless this process wrote it or has proved
   * it within the hour.
   *
   * @param mayGoBack whether a person accepts to publish below a revision far ahead of the clock
   * @param mayReplaceUnread whether what this process has not enough memory to open counts as
   *     unsound, because nothing will be compared with it
   * @return fails with a {@link RefusedException} if such a revision is under the key and proved,
   *     or with a {@link TooLittleHeapException}
   */
  public Future<Proof> proof(
      Optional<SnapshotMetadata> shown, boolean mayGoBack, boolean mayReplaceUnread) {
    listed = null;
    if (shown.isPresent() && isKnown(shown.get())) {
      return Future.succeededFuture(new Proof(shown, shown, false));
    }
    return key.value()
        .compose(
            value ->
                vertx.executeBlocking(
                    () ->
                        value.map(
                            bytes -> proof(shown, bytes.getBytes(), mayGoBack, mayReplaceUnread)),
                    false))
        .map(
            found -> {
              Proof proof = found.orElseGet(() -> Proof.none(true));
              proof.sound.ifPresent(sound -> key.follow(sound.revision()));
              if (seal.trusted().isEmpty()) {
                // nothing can be proved, and KV may show new metadata with an old value
                shown.ifPresent(metadata -> key.follow(metadata.revision()));
              }
              last = proof;
              lastAt = clock.instant();
              return proof;
            });
  }

  private boolean isKnown(SnapshotMetadata shown) {
    boolean isSame = last.inUse.filter(shown::isOfTheSameValueAs).isPresent();
    if (!isSame && key.hasWritten(shown)) {
      last = new Proof(Optional.of(shown), Optional.of(shown), false);
      lastAt = clock.instant();
      return true;
    }
    return isSame && Duration.between(lastAt, clock.instant()).abs().compareTo(PROOF_LASTS) < 0;
  }

  private Proof proof(
      Optional<SnapshotMetadata> shown, byte[] value, boolean mayGoBack, boolean mayReplaceUnread) {
    Optional<SnapshotMetadata> sound = sound(value, mayGoBack, mayReplaceUnread);
    Optional<SnapshotMetadata> inUse =
        shown.filter(s -> sound.filter(s::isOfTheSameValueAs).isPresent());
    if (sound.isPresent() && shown.isPresent() && inUse.isEmpty()) {
      LOG.warn(
          "expected revision {} under {}, as its metadata say, but found revision {} in the value;"
              + " it is published again",
          shown.get().revision(),
          key.key(),
          sound.get().revision());
    }
    return new Proof(inUse, sound, false);
  }

  private Optional<SnapshotMetadata> sound(
      byte[] value, boolean mayGoBack, boolean mayReplaceUnread) {
    String place = "the value under " + key.key();
    Optional<SnapshotMetadata> sound = Optional.empty();
    try {
      ValueLimits.check(value);
      if (seal.accepts(value)) {
        Snapshot snapshot = Snapshot.openWhole(value);
        sound = Optional.of(SnapshotMetadata.of(snapshot, value));
        keep(sound.get(), snapshot);
      } else {
        LOG.warn("{}; it is replaced", seal.expected(value, place));
      }
    } catch (TooLittleHeapException e) {
      // readers may well open it, and the guards have to see it
      if (!mayReplaceUnread && seal.accepts(value)) {
        throw e.at(place);
      }
      LOG.warn("{} is replaced unread: {}", place, e.getMessage());
    } catch (SnapshotFormatException | RefusedException e) {
      // refusing would keep in use what no reader can open
      LOG.warn("{} is not sound and is replaced: {}", place, e.getMessage());
    }
    if (sound.isEmpty() || RevisionBound.isBelievable(sound.get().revision(), clock.instant())) {
      return sound;
    }
    goBack(sound.get().revision(), place, mayGoBack);
    return Optional.empty();
  }

  private void goBack(long revision, String place, boolean mayGoBack) {
    String expected = RevisionBound.expected(revision, clock.instant()) + " in " + place;
    if (!mayGoBack) {
      throw new RefusedException(
          "far revision",
          expected
              + "; readers that took it take nothing lower, so nothing was written;"
              + " satchel publish --accept-change publishes below it");
    }
    LOG.warn("{}; the next revision goes back to the time, as was accepted", expected);
  }

  /** Remembers what this process has put under the key, and seen there if it looks. */
  public void wrote(SnapshotMetadata metadata, Snapshot snapshot) {
    key.wrote(metadata);
    keep(metadata, snapshot);
  }

  private void keep(SnapshotMetadata metadata, Snapshot snapshot) {
    kept = new Kept(metadata, new SoftReference<>(snapshot));
  }

  /** Returns the snapshot that is kept if these are its metadata. */
  private Optional<Snapshot> kept(SnapshotMetadata metadata) {
    Kept known = kept;
    return known != null && known.metadata.isOfTheSameValueAs(metadata)
        ? Optional.ofNullable(known.snapshot.get())
        : Optional.empty();
  }

  /**
   * Looks for a copy above what is in use, unless this process made that or has looked already. KV
   * may take a write minutes after its publisher gave up on it, over a newer one: readers that have
   * the newer one wait for one above it, also if what is shown says what the database does.
   */
  public Future<Void> lookAbove(Optional<SnapshotMetadata> shown) {
    long revision = shown.map(SnapshotMetadata::revision).orElse(0L);
    return key.hasLookedAbove(revision)
        ? Future.succeededFuture()
        : key.copies()
            .onSuccess(copies -> listed = copies)
            .compose(copies -> highest(copies, revision))
            .onSuccess(highest -> key.sawCopies(revision, highest))
            .mapEmpty();
  }

  /** Returns the highest revision of copies that is believed, 0 if there is none above this one. */
  private Future<Long> highest(List<SnapshotMetadata> copies, long revision) {
    var above = copies.stream().filter(copy -> copy.revision() > revision).toList();
    return seal.trusted().isEmpty()
        ? Future.succeededFuture(above.isEmpty() ? 0 : above.get(0).revision())
        : newestSound(above.stream().map(copy -> Candidate.copy(copy, true)).iterator())
            .map(found -> found.map(Snapshot::revision).orElse(0L));
  }

  /**
   * Opens the last good publication: of the copies and the value under the key the one with the
   * highest revision that is proved. A copy proves the value under the key, as it was written
   * first; with keys only a signature does. Only where nothing is proved, what is at least sound
   * will do.
   *
   * @return empty if there is none, which is logged; fails with a {@link TooLittleHeapException} if
   *     this process cannot tell
   */
  public Future<Optional<Snapshot>> lastGood(Proof proof) {
    var underKey = proof.sound.filter(sound -> !copiesAreKept || key.hasWritten(sound));
    return newestSound(underKey.stream().map(Candidate::underKey).iterator())
        .compose(found -> found.isPresent() ? Future.succeededFuture(found) : lastGoodOfAll(proof));
  }

  private Future<Optional<Snapshot>> lastGoodOfAll(Proof proof) {
    return listed()
        .compose(
            copies -> {
              var candidates = candidates(copies, proof.sound);
              return newestSound(candidates.iterator())
                  .onSuccess(found -> tell(found, proof, candidates));
            });
  }

  /** Returns the copies, as they were listed when this publication began, if they were. */
  private Future<List<SnapshotMetadata>> listed() {
    List<SnapshotMetadata> copies = listed;
    listed = null;
    return copies == null ? key.copies() : Future.succeededFuture(copies);
  }

  /**
   * Compares a snapshot with the last good publication on a worker thread, to tell what changed.
   *
   * @return empty if there is none, if the comparison would cost far more than the snapshot did, or
   *     if this process has not enough memory to open it
   */
  public Future<Optional<SnapshotDiff>> changeTo(Snapshot now, Proof proof) {
    return lastGood(proof)
        .recover(
            failure -> {
              if (!(failure instanceof TooLittleHeapException)) {
                return Future.failedFuture(failure);
              }
              LOG.warn("what changes is not told: {}", failure.getMessage());
              return Future.succeededFuture(Optional.empty());
            })
        .compose(
            before ->
                vertx.executeBlocking(
                    () ->
                        before
                            .filter(found -> !isTooUneven(found, now))
                            .map(found -> SnapshotDiff.between(found, now)),
                    false));
  }

  /**
   * Returns whether the earlier snapshot has so many more users that comparing them is the cost.
   */
  public static boolean isTooUneven(Snapshot before, Snapshot now) {
    return before.users() / 4 > now.users() + (1 << 18);
  }

  private List<Candidate> candidates(
      List<SnapshotMetadata> copies, Optional<SnapshotMetadata> underKey) {
    boolean asksForSignatures = !seal.trusted().isEmpty();
    List<Candidate> proved = new ArrayList<>();
    List<Candidate> others = new ArrayList<>();
    for (SnapshotMetadata copy : copies) {
      boolean claims = asksForSignatures && seal.trusts(copy.signedBy());
      (claims || !asksForSignatures ? proved : others).add(Candidate.copy(copy, claims));
    }
    underKey
        .filter(sound -> copies.stream().noneMatch(sound::isOfTheSameValueAs))
        .ifPresent(sound -> (asksForSignatures ? proved : others).add(Candidate.underKey(sound)));
    proved.sort(Comparator.comparingLong(Candidate::revision).reversed());
    proved.addAll(others);
    return proved;
  }

  private void tell(Optional<Snapshot> found, Proof proof, List<Candidate> candidates) {
    if (found.isPresent()) {
      boolean isInUse =
          proof.inUse.filter(inUse -> inUse.revision() == found.get().revision()).isPresent();
      if (!isInUse) {
        LOG.info(
            "compared with revision {}, the last good one: what is under {} is another or none",
            found.get().revision(),
            key.key());
      }
    } else if (candidates.isEmpty() && proof.isOfNothing) {
      LOG.info(
          "nothing is published under {} and there are no copies: this is the first publication,"
              + " and there is nothing to compare it with",
          key.key());
    } else {
      LOG.warn(
          "no sound snapshot is under {} or among its {} copies: there is nothing to compare with",
          key.key(),
          candidates.size());
    }
  }

  /** Something that may be the last good publication. */
  private record Candidate(SnapshotMetadata metadata, boolean isUnderKey, boolean mustBeSigned) {
    static Candidate copy(SnapshotMetadata metadata, boolean mustBeSigned) {
      return new Candidate(metadata, false, mustBeSigned);
    }

    static Candidate underKey(SnapshotMetadata sound) {
      return new Candidate(sound, true, false); // which the proof has checked
    }

    long revision() {
      return metadata.revision();
    }
  }

  /** Opens the first of these that is sound, one after the other; downloads none that is kept. */
  private Future<Optional<Snapshot>> newestSound(Iterator<Candidate> candidates) {
    if (!candidates.hasNext()) {
      return Future.succeededFuture(Optional.empty());
    }
    Candidate next = candidates.next();
    Optional<Snapshot> inMemory = kept(next.metadata);
    if (inMemory.isPresent()) {
      return Future.succeededFuture(inMemory);
    }
    return (next.isUnderKey ? key.value() : key.copy(next.revision()))
        .compose(
            value -> vertx.executeBlocking(() -> value.flatMap(bytes -> open(next, bytes)), false))
        .compose(
            found -> found.isPresent() ? Future.succeededFuture(found) : newestSound(candidates));
  }

  private Optional<Snapshot> open(Candidate candidate, Buffer buffer) {
    byte[] value = buffer.getBytes();
    String place =
        candidate.isUnderKey
            ? "the value under " + key.key()
            : "the copy " + key.copyKey(candidate.revision());
    try {
      return Optional.of(checked(candidate, value, place));
    } catch (TooLittleHeapException e) {
      throw e.at(place);
    } catch (SnapshotFormatException | RefusedException e) {
      LOG.warn("{} is passed over: {}", place, e.getMessage());
      return Optional.empty();
    }
  }

  private Snapshot checked(Candidate candidate, byte[] value, String place) {
    String sha256 = Digests.sha256(value);
    if (!sha256.equals(candidate.metadata.sha256())) {
      throw new RefusedException(
          "expected the sha256 %s of its metadata but found %s"
              .formatted(candidate.metadata.sha256(), sha256));
    }
    long revision = ValueLimits.check(value).revision();
    if (revision != candidate.revision()) {
      throw new RefusedException(
          "expected revision %d but found %d".formatted(candidate.revision(), revision));
    }
    if (candidate.mustBeSigned) {
      seal.check(value, place);
    }
    return Snapshot.openWhole(value);
  }
}
