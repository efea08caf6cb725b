package dev.satchel.publisher.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of the revisions under one key. KV may answer with what was there a
 * minute ago, so the newest that was seen is remembered. Safe for any thread.
 */
final class Sightings {
  private final Surprises surprises;
  private @Nullable SnapshotMetadata newest;
  private long tried;
  private long takenBack;
  private long lookedAbove;
  private long highestCopy;

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

  /** Remembers the copies, newest first. */
  synchronized void sawCopies(SnapshotMetadata shown, List<SnapshotMetadata> copies) {
    lookedAbove = shown.revision();
    if (!copies.isEmpty()) {
      highestCopy = Math.max(highestCopy, copies.get(0).revision());
    }
  }

  /** Returns whether this process made a revision, or has looked for copies above it. */
  synchronized boolean hasLookedAbove(SnapshotMetadata shown) {
    return lookedAbove == shown.revision();
  }

  /** Remembers what this process is about to put under the key. The answer may be lost. */
  synchronized void tries(SnapshotMetadata metadata) {
    tried = metadata.revision();
  }

  /** Remembers what this process has put under the key. */
  synchronized void wrote(SnapshotMetadata metadata) {
    noticeTakenBack(metadata);
    newest = metadata;
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
  synchronized long nextRevision(Optional<SnapshotMetadata> shown, Instant now) {
    long known = latest(shown).map(SnapshotMetadata::revision).orElse(0L);
    return Math.max(Math.max(Math.max(known, tried), highestCopy) + 1, now.toEpochMilli());
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
