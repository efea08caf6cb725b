package dev.satchel.sdk;

import dev.satchel.kv.Digests;
import dev.satchel.kv.KvLimits;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SourceException;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Every check that a snapshot has to pass before it is served. Pure; opening hashes and
 * decompresses, so it is not for a thread that must not wait.
 *
 * @param source where values come from, for messages
 * @param pinned the only revision to take, or null for any
 * @param copy of what was served before this process, or null if none is kept
 */
record Admission(
    String source,
    FieldNames names,
    @Nullable Long pinned,
    @Nullable DiskCopy copy,
    Signatures signatures) {

  /**
   * A snapshot that is served, or could be.
   *
   * @param sha256 of the value it was opened from, or what was announced as such if the value is
   *     signed: its parts are checked against the signature then, and not once more as a whole
   * @param tag what the source announced it by, or null if it did not come from the source
   */
  record Held(ConfigView view, String sha256, @Nullable String tag) {
    static final Held NOTHING = new Held(ConfigView.EMPTY, "", null);

    long revision() {
      return view.revision();
    }
  }

  /** Fails if this announcement is known to lead nowhere, before its value is fetched. */
  void check(Announcement announced, Held held) {
    if (announced.revision() != Announcement.UNKNOWN) {
      checkRevision(announced.revision(), held);
    }
    checkSize(announced.bytes());
  }

  /** The view of a value that was announced, to take the place of the one that is held. */
  Held open(Announcement announced, byte[] value, Held held) {
    checkSize(value.length);
    String sha256 = sha256(announced, value);
    if (sha256.equals(held.sha256())) {
      return new Held(held.view(), sha256, announced.tag());
    }
    ConfigView view;
    try {
      signatures.check(value, source);
      Snapshot snapshot = Snapshot.open(value);
      if (announced.revision() != Announcement.UNKNOWN
          && announced.revision() != snapshot.revision()) {
        throw SourceException.neverUsable(
            "expected revision %d under %s but found %d in the snapshot"
                .formatted(announced.revision(), source, snapshot.revision()));
      }
      checkRevision(snapshot.revision(), held);
      checkAgainstCopy(snapshot.revision(), held);
      view = new ConfigView(snapshot, names);
      if (announced.sha256() == null) {
        // no digest of the whole: what lookups open later is checked nowhere else
        view.openAll();
      }
      signatures.checkRest(snapshot);
    } catch (SnapshotFormatException e) {
      throw SourceException.neverUsable(
          "no sound snapshot under %s: %s".formatted(source, e.getMessage()));
    }
    return new Held(view, sha256, announced.tag());
  }

  private String sha256(Announcement announced, byte[] value) {
    String expected = announced.sha256();
    if (expected != null && signatures.areAsked()) {
      return expected;
    }
    String found = Digests.sha256(value);
    if (expected != null && !expected.equals(found)) {
      throw SourceException.passing(
          "expected a value with sha256 %s under %s but found %s in %d bytes"
              .formatted(expected, source, found, value.length));
    }
    return found;
  }

  /** The view of a copy on disk, whose digest has been checked. */
  Held openCopy(byte[] value, String sha256) {
    return openElsewhere(value, sha256, "the copy on disk");
  }

  private Held openElsewhere(byte[] value, String sha256, String place) {
    signatures.check(value, place);
    Snapshot snapshot = Snapshot.open(value);
    checkRevision(snapshot.revision(), Held.NOTHING);
    var view = new ConfigView(snapshot, names);
    signatures.checkRest(snapshot);
    return new Held(view, sha256, null);
  }

  /** The view of a snapshot that was delivered with the application. */
  Held openBundle(byte[] value) {
    Held held = openElsewhere(value, Digests.sha256(value), "the bundle");
    held.view().openAll();
    return held;
  }

  private void checkRevision(long revision, Held held) {
    if (pinned != null && pinned != revision) {
      throw SourceException.passing(
          "expected the pinned revision %d but found %d under %s"
              .formatted(pinned, revision, source));
    }
    if (revision <= held.revision()) {
      throw SourceException.passing(
          "expected a revision above %d, which is in use, but found %d under %s"
              .formatted(held.revision(), revision, source));
    }
  }

  /** What was served before a restart counts like what is held; the source may be behind it. */
  private void checkAgainstCopy(long revision, Held held) {
    if (copy == null || pinned != null || held.revision() != 0) {
      return;
    }
    copy.newestAbove(revision, (value, sha256) -> openCopy(value, sha256).revision())
        .ifPresent(
            newer -> {
              throw SourceException.passing(
                  "expected a revision from %d on, of which there is a copy, but found %d under %s"
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
