package dev.satchel.publisher.http;

import dev.satchel.publisher.run.Ledger;
import dev.satchel.publisher.run.Run;
import dev.satchel.publisher.store.HistoryEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The publisher's state at a glance.
 *
 * @param title a few words
 * @param why a sentence
 */
record Verdict(Mood mood, String title, String why) {
  static final double NEARLY_FULL = 0.8;

  /** What a person should do about the publisher's state. */
  enum Mood {
    /** Nothing. */
    WELL,
    /** Look at it when there is time. */
    ATTENTION,
    /** Act now. */
    TROUBLE
  }

  /**
   * Judges the publisher's state.
   *
   * @param share the snapshot's size as a share of the limit
   */
  static Verdict of(
      Ledger ledger, Readiness readiness, Optional<HistoryEntry> inUse, double share, Instant now) {
    if (ledger.isStopping()) {
      return new Verdict(Mood.ATTENTION, "Stopping", "The publisher was told to stop.");
    }
    List<Run> runs = ledger.runs();
    if (runs.isEmpty() && ledger.waitingFor().isEmpty()) {
      return new Verdict(Mood.ATTENTION, "Starting", "The first run has not ended yet.");
    }
    if (!readiness.isReady()) {
      return new Verdict(Mood.TROUBLE, "Not well", sentence(readiness.why()));
    }
    if (ledger.waitingFor().isPresent()) {
      return new Verdict(Mood.WELL, "Standing by", sentence(ledger.waitingFor().get()));
    }
    Optional<String> hold = inUse.flatMap(HistoryEntry::hold);
    if (hold.isPresent()) {
      return new Verdict(
          Mood.ATTENTION,
          "On hold",
          "Nothing new is published until somebody resumes: " + hold.get());
    }
    Run last = runs.get(0);
    if (!last.outcome().isGood()) {
      return new Verdict(
          Mood.ATTENTION,
          last.outcome() == Run.Outcome.REFUSED ? "Last run refused" : "Last run failed",
          "The published snapshot stays as it was. " + sentence(last.words()));
    }
    if (share > NEARLY_FULL) {
      return new Verdict(
          Mood.ATTENTION,
          "Nearly full",
          "The published snapshot takes %s of the limit for one value."
              .formatted(Words.percent(share)));
    }
    return new Verdict(
        Mood.WELL,
        "All is well",
        last.outcome() == Run.Outcome.PUBLISHED
            ? "The last run, %s ago, published a change.".formatted(Words.age(last.beganAt(), now))
            : "The last run, %s ago, found nothing new.".formatted(Words.age(last.beganAt(), now)));
  }

  private static String sentence(String words) {
    return words.isEmpty()
        ? words
        : words.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + words.substring(1) + ".";
  }
}
