package dev.satchel.benchmarks.soak;

import dev.satchel.sdk.ConfigView;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Checks that views keep the promises of {@link Rounds}. Shared by all readers; safe for any
 * thread.
 */
final class TruthCheck {
  private static final int PAIRS = 20;
  private static final int REVISIONS = 1_000;
  private static final long NONE = Long.MIN_VALUE;

  private final List<UUID> ids = Rounds.ids();
  private final ConcurrentSkipListMap<Long, Long> newestByRevision = new ConcurrentSkipListMap<>();
  private final Violations violations;

  TruthCheck(Violations violations) {
    this.violations = violations;
  }

  List<UUID> ids() {
    return ids;
  }

  /**
   * Checks some pairs of a view that is not empty, and returns its newest round, in Unix
   * milliseconds.
   */
  long check(ConfigView view, SplittableRandom random) {
    long newest = roundOf(view, 0);
    remember(view.revision(), newest);
    for (int i = 0; i < PAIRS; i++) {
      int first = 2 * random.nextInt(Rounds.PAIRS);
      long round = roundOf(view, first);
      long other = roundOf(view, first + 1);
      if (round != other || round > newest) {
        violations.add(
            Violations.Kind.MIXED,
            "revision %d: expected the same round of %s and %s, at most %d, but found %d and %d"
                .formatted(
                    view.revision(), ids.get(first), ids.get(first + 1), newest, round, other));
      }
    }
    return newest;
  }

  private long roundOf(ConfigView view, int user) {
    UUID id = ids.get(user);
    long round = view.getLong(id, "round", NONE);
    long check = view.getLong(id, "round_check", NONE);
    if (check != Rounds.check(id, round)) {
      violations.add(
          Violations.Kind.WRONG_VALUE,
          "revision %d: expected %d with round %d of %s but found %d"
              .formatted(view.revision(), Rounds.check(id, round), round, id, check));
    }
    return round;
  }

  private void remember(long revision, long newest) {
    Long known = newestByRevision.putIfAbsent(revision, newest);
    Map.Entry<Long, Long> before = newestByRevision.lowerEntry(revision);
    Map.Entry<Long, Long> after = newestByRevision.higherEntry(revision);
    if ((known != null && known != newest)
        || (before != null && before.getValue() > newest)
        || (after != null && after.getValue() < newest)) {
      violations.add(
          Violations.Kind.REWRITTEN,
          "revision %d has the round %d, but was known with %s, between %s and %s"
              .formatted(revision, newest, known, before, after));
    }
    if (newestByRevision.size() > REVISIONS) {
      newestByRevision.pollFirstEntry();
    }
  }

  /** Returns how many of the last thousand revisions came after this one. */
  long revisionsAfter(long revision) {
    return newestByRevision.tailMap(revision, false).size();
  }
}
