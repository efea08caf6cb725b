package dev.satchel.kv;

import java.time.Duration;
import java.time.Instant;

/**
 * Which revisions can be true. A publisher numbers them by the time in Unix ms, or one above the
 * last if that is more, so a number far ahead of the clock is forged or the mistake of a clock.
 * Whoever followed it could never go back, since revisions only grow.
 */
public final class RevisionBound {
  /** How far a revision may be ahead of the clock: more than clocks differ. */
  public static final Duration MAX_AHEAD = Duration.ofDays(1);

  private RevisionBound() {}

  /** Returns the highest revision that is believed at this time. */
  public static long highest(Instant now) {
    return now.plus(MAX_AHEAD).toEpochMilli();
  }

  /** Returns whether a revision is positive and at most {@link #MAX_AHEAD} ahead of the clock. */
  public static boolean isBelievable(long revision, Instant now) {
    return revision > 0 && revision <= highest(now);
  }

  /** Returns what was expected and found, for a message about a revision that is not believed. */
  public static String expected(long revision, Instant now) {
    return "expected a revision from 1 to %d, a day ahead of the clock, but found %d"
        .formatted(highest(now), revision);
  }
}
