package dev.satchel.publisher.store;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of the revisions under one key. KV may answer with what was there a
 * minute ago, so the newest that was seen is remembered. Safe for any thread.
 */
final class Sightings {
  private final Surprises surprises;
  private @Nullable SnapshotMetadata newest;
  private @Nullable SnapshotMetadata written;
  private long highest;
  private long takenBack;
  private long lookedAbove = -1;
  private long highestCopy;
  private long tried;

  Sightings(Surprises surprises) {
    this.surprises = surprises;
  }

  /** Remembers what KV shows. */
  synchronized void saw(SnapshotMetadata shown) {
    SnapshotMetadata last = newest;
    if (last != null && shown.revision() != last.revision() && shown.revision() != tried) {
      surprises.foreign(last, shown);
    }
    noticeTakenBack(shown);
    if (last == null || (shown.revision() >= last.revision() && !isTakenBack(shown))) {
      newest = shown; // at the same revision, too: its hold may have been taken back
    }
  }

  /**
   * Remembers the highest revision of the copies above the one that KV shows, 0 if there is none.
   */
  synchronized void sawCopies(long shown, long highestAbove) {
    lookedAbove = shown;
    highestCopy = Math.max(highestCopy, highestAbove);
    follow(highestAbove);
  }

  /** Returns whether this process made a revision, or has looked for copies above it. */
  synchronized boolean hasLookedAbove(long shown) {
    return lookedAbove == shown;
  }

  /** Remembers a revision that is proved, or that readers have: the next one is above it. */
  synchronized void follow(long revision) {
    highest = Math.max(highest, revision);
  }

  /** Returns what this process last put under the key, and saw there if it looks. */
  synchronized Optional<SnapshotMetadata> written() {
    return Optional.ofNullable(written);
  }

  /** Remembers what this process is about to put under the key. The answer may be lost. */
  synchronized void tries(SnapshotMetadata metadata) {
    tried = metadata.revision();
    follow(tried);
  }

  /** Remembers what this process has put under the key. */
  synchronized void wrote(SnapshotMetadata metadata) {
    noticeTakenBack(metadata);
    newest = metadata;
    written = metadata;
    lookedAbove = metadata.revision();
  }

  /**
   * Returns false when KV shows less than we know of: an old answer must not pass for the snapshot
   * in use.
   */
  synchronized boolean isCurrent(SnapshotMetadata shown) {
    return shown.revision() >= highestCopy
        && (newest == null || shown.revision() >= newest.revision());
  }

  /**
   * Returns what is in use as far as we know: what KV shows, unless that is older than what we saw.
   */
  synchronized Optional<SnapshotMetadata> latest(Optional<SnapshotMetadata> shown) {
    return shown.isPresent() && isCurrent(shown.get()) && !isTakenBack(shown.get())
        ? shown
        : Optional.ofNullable(newest);
  }

  /** Returns a revision above all known ones: the time in Unix ms, unless one is ahead of that. */
  synchronized long nextRevision(Instant now) {
    return Math.max(highest + 1, now.toEpochMilli());
  }

  /** Returns whether an old answer shows a hold that has been lifted since. */
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
}
