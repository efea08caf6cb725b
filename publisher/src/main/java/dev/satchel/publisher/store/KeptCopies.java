package dev.satchel.publisher.store;

import dev.satchel.kv.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which copies of earlier revisions are kept. A copy's age counts from when it was replaced, so the
 * previous revision can be rolled back to however long it was in use.
 *
 * @param most how many copies are kept, including the one in use; at least {@link #MIN}
 * @param time for how long after it was replaced; zero for no copies at all
 */
public record KeptCopies(int most, Duration time) {
  /** The one in use and the one to roll back to. */
  public static final int MIN = 2;

  /** Returns whether a publication leaves a copy. */
  public boolean areKept() {
    return !time.isZero();
  }

  /**
   * Returns the revisions to delete, oldest first.
   *
   * @param copies newest first
   * @param inUse is never deleted, nor is the revision it was rolled back to while it is held
   */
  public List<Long> prunable(List<SnapshotMetadata> copies, SnapshotMetadata inUse, Instant now) {
    List<Long> prunable = new ArrayList<>();
    Instant replacedAt = now;
    for (int i = 0; i < copies.size(); i++) {
      SnapshotMetadata copy = copies.get(i);
      boolean isHeld = inUse.hold() != null && copy.revision() == inUse.rolledBackTo();
      // a copy cannot have been replaced before it was made, whatever the next one says
      Instant age = replacedAt.isBefore(copy.publishedAt()) ? copy.publishedAt() : replacedAt;
      boolean isSpent = !areKept() || i >= most || Duration.between(age, now).compareTo(time) > 0;
      if (isSpent && copy.revision() != inUse.revision() && !isHeld) {
        prunable.add(0, copy.revision());
      }
      replacedAt = copy.publishedAt();
    }
    return prunable;
  }

  public String inWords() {
    return areKept() ? "%d copies for %s".formatted(most, DurationText.of(time)) : "no copies";
  }
}
