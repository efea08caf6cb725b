package dev.satchel.publisher.http;

import dev.satchel.publisher.run.Ledger;
import dev.satchel.publisher.run.Run;
import dev.satchel.publisher.store.HistoryEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether all is well, in one look.
 *
 * @param title a few words
 * @param why a sentence
 */
record Verdict(Mood mood, String title, String why) {
  static final double NEARLY_FULL = 0.8;

  /** What a person should do about it. */
  enum Mood {
    /** Nothing. */
    WELL,
    /** Look at it when there is time. */
    ATTENTION,
    /** Get up. */
    TROUBLE
  }

  /**
   * Judges the publisher's state.
   *
   * @param share of what a value may have
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
          "What is published stays. " + sentence(last.words()));
    }
    if (share > NEARLY_FULL) {
      return new Verdict(
          Mood.ATTENTION,
          "Nearly full",
          "What is published takes %s of what one value may have.".formatted(Words.percent(share)));
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
