package dev.satchel.publisher.http;

import dev.satchel.publisher.store.HistoryEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How the size of the published snapshots grows: a straight line through all revisions. */
record Growth(double bytesPerSecond) {
  /** A shorter history does not predict the days to come. */
  private static final Duration SHORTEST = Duration.ofMinutes(10);

  private static final Duration LONGEST = Duration.ofDays(3650);

  /** Returns the growth; empty if the revisions are too few or too close together. */
  static Optional<Growth> of(List<HistoryEntry> revisions) {
    if (revisions.size() < 3) {
      return Optional.empty();
    }
    Instant first = revisions.get(revisions.size() - 1).publishedAt();
    if (Duration.between(first, revisions.get(0).publishedAt()).compareTo(SHORTEST) < 0) {
      return Optional.empty();
    }
    double n = revisions.size();
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (HistoryEntry revision : revisions) {
      double x = Duration.between(first, revision.publishedAt()).toMillis() / 1e3;
      sumX += x;
      sumY += revision.bytes();
      sumXx += x * x;
      sumXy += x * revision.bytes();
    }
    return Optional.of(new Growth((n * sumXy - sumX * sumY) / (n * sumXx - sumX * sumX)));
  }

  /** Returns when a value of this size will reach the limit; empty if not within ten years. */
  Optional<Duration> until(long bytes, long limit) {
    double seconds = (limit - bytes) / bytesPerSecond;
    return bytesPerSecond > 0 && seconds < LONGEST.toSeconds()
        ? Optional.of(Duration.ofSeconds(Math.max(0, (long) seconds)))
        : Optional.empty();
  }
}
