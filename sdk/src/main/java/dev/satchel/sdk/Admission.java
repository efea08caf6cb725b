package dev.satchel.sdk;

import dev.satchel.kv.Digests;
import dev.satchel.kv.KvLimits;
import dev.satchel.kv.RevisionBound;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SourceException;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import dev.satchel.snapshot.SnapshotPatch;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes every check that a snapshot has to pass before it is served. Opening a snapshot hashes and
 * decompresses, so never do it on a thread that must not wait.
 *
 * @param source where values come from, for messages
 * @param pinned the only revision to take, or null for any
 * @param copy the copy on disk of what was served before this process, or null if none is kept
 * @param clock tells which revisions are believed
 */
record Admission(
    String source,
    FieldNames names,
    Binder binder,
    @Nullable Long pinned,
    @Nullable DiskCopy copy,
    Signatures signatures,
    InstantSource clock) {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLog.NAME);

  /**
   * A snapshot that is served, or could be.
   *
   * @param sha256 the digest of the value that it was opened from. For a signed value it is the
   *     announced digest: the parts are checked against the signature, so the whole is not hashed
   *     again
   * @param tag the tag that the source announced, or null if it did not come from the source
   */
  record Held(ConfigView view, String sha256, @Nullable String tag) {
    static final Held NOTHING = new Held(ConfigView.EMPTY, "", null);

    long revision() {
      return view.revision();
    }
  }

  /** Throws, before the value is fetched, if this announcement is known to be useless. */
  void check(Announcement announced, Held held) {
    if (announced.revision() != Announcement.UNKNOWN) {
      checkRevision(announced.revision(), held);
    }
    checkSize(announced.bytes());
  }

  /** Opens an announced value that is to replace the one held. */
  Held open(Announcement announced, byte[] value, Held held) {
    checkSize(value.length);
    String expected = announced.sha256();
    String sha256 = expected == null ? Digests.sha256(value) : expected;
    if (sha256.equals(held.sha256())) {
      return new Held(held.view(), sha256, announced.tag());
    }
    try {
      return opened(announced, value, sha256, held);
    } catch (SourceException e) {
      if (e.isNeverUsable()) {
        // a cache may have answered with another value than the announced one, which can be good
        checkDigest(announced, value, Digests.sha256(value));
      }
      throw e;
    }
  }

  private Held opened(Announcement announced, byte[] value, String sha256, Held held) {
    ConfigView view;
    try {
      Snapshot snapshot = proven(announced, value);
      if (announced.revision() != Announcement.UNKNOWN
          && announced.revision() != snapshot.revision()) {
        throw SourceException.neverUsable(
            "expected revision %d under %s but found %d in the snapshot"
                .formatted(announced.revision(), source, snapshot.revision()));
      }
      checkRevision(snapshot.revision(), held);
      checkAgainstCopy(snapshot.revision(), held);
      view = new ConfigView(snapshot, names, binder);
      if (announced.sha256() == null) {
        // there is no digest of the whole, and nothing else checks what lookups open later
        view.openAll();
      }
    } catch (SnapshotFormatException e) {
      throw SourceException.neverUsable(
          "no sound snapshot under %s: %s".formatted(source, e.getMessage()));
    }
    if (view.revision() < held.revision()) {
      LOG.warn(
          "{}: going back to revision {}, because revision {}, which was in use, is more than a day"
              + " ahead of the clock",
          source,
          view.revision(),
          held.revision());
    }
    return new Held(view, sha256, announced.tag());
  }

  /** Refuses a patch that none of the keys signed, if there are keys. */
  void check(SnapshotPatch patch) {
    signatures.check(patch, source);
  }

  /** Takes a snapshot that proven patches have made, to replace the one held. */
  Held openPatched(Announcement announced, Snapshot snapshot, Held held) {
    signatures.check(snapshot.header(), source);
    if (announced.revision() != snapshot.revision()) {
      throw SourceException.neverUsable(
          "expected revision %d under %s but found %d after its patches"
              .formatted(announced.revision(), source, snapshot.revision()));
    }
    checkRevision(snapshot.revision(), held);
    var view = new ConfigView(snapshot, names, binder);
    return new Held(view, String.valueOf(announced.sha256()), announced.tag());
  }

  /**
   * Opens a value that is proven to be the announced one: by its signature, or by its digest, which
   * is computed at the same time.
   */
  private Snapshot proven(Announcement announced, byte[] value) {
    signatures.check(value, source);
    if (signatures.areAsked() || announced.sha256() == null) {
      return Snapshot.openWhole(value);
    }
    var digest = CompletableFuture.supplyAsync(() -> Digests.sha256(value));
    Snapshot snapshot = Snapshot.open(value);
    checkDigest(announced, value, digest.join());
    return snapshot;
  }

  private void checkDigest(Announcement announced, byte[] value, String found) {
    String expected = announced.sha256();
    if (expected != null && !expected.equals(found)) {
      throw SourceException.passing(
          "expected a value with sha256 %s under %s but found %s in %d bytes"
              .formatted(expected, source, found, value.length));
    }
  }

  /** Opens a copy on disk whose digest has been checked. */
  Held openCopy(byte[] value, String sha256) {
    signatures.check(value, "the copy on disk");
    return elsewhere(
        signatures.areAsked() ? Snapshot.openWhole(value) : Snapshot.open(value), sha256);
  }

  private Held elsewhere(Snapshot snapshot, String sha256) {
    checkRevision(snapshot.revision(), Held.NOTHING);
    return new Held(new ConfigView(snapshot, names, binder), sha256, null);
  }

  /** Opens a snapshot that was delivered with the application. */
  Held openBundle(byte[] value) {
    signatures.check(value, "the bundle");
    Held held = elsewhere(Snapshot.openWhole(value), Digests.sha256(value));
    held.view().openAll();
    return held;
  }

  private void checkRevision(long revision, Held held) {
    if (pinned != null && pinned != revision) {
      throw SourceException.passing(
          "expected the pinned revision %d but found %d under %s"
              .formatted(pinned, revision, source));
    }
    Instant now = clock.instant();
    if (pinned == null && !RevisionBound.isBelievable(revision, now)) {
      throw SourceException.passing(
          "%s under %s; it is not followed"
              .formatted(RevisionBound.expected(revision, now), source));
    }
    // what was taken while this clock was ahead must not keep every later revision out
    if (revision <= held.revision() && RevisionBound.isBelievable(held.revision(), now)) {
      throw SourceException.passing(
          "expected a revision above %d, which is in use, but found %d under %s"
              .formatted(held.revision(), revision, source));
    }
  }

  /** Refuses a revision below the one served before a restart: the source may be behind. */
  private void checkAgainstCopy(long revision, Held held) {
    if (copy == null || pinned != null || held.revision() != 0) {
      return;
    }
    copy.newestAbove(revision, (value, sha256) -> openCopy(value, sha256).revision())
        .ifPresent(
            newer -> {
              throw SourceException.passing(
                  "expected at least revision %d, which has a copy on disk, but found %d under %s"
                      .formatted(newer, revision, source));
            });
  }

  private void checkSize(long bytes) {
    if (bytes > KvLimits.MAX_VALUE_BYTES) {
      throw SourceException.lasting(
          "expected a value of at most %d bytes under %s but found %d"
              .formatted(KvLimits.MAX_VALUE_BYTES, source, bytes));
    }
  }
}
