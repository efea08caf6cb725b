package dev.satchel.publisher.run;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the publisher has done since it was started. Safe for any thread. */
public final class Ledger {
  private static final int MAX_RUNS = 50;

  private final Instant startedAt;
  private final Deque<Run> runs = new ArrayDeque<>();
  private final Map<Run.Outcome, Long> counts = new EnumMap<>(Run.Outcome.class);
  private final List<Consumer<Run>> followers = new ArrayList<>();
  private @Nullable Run lastGood;
  private @Nullable Run lastMeasured;
  private @Nullable String waitingFor;
  private long skipped;
  private boolean isStopping;

  /** An empty one. */
  public Ledger(Instant startedAt) {
    this.startedAt = startedAt;
  }

  /** Another publisher is at work, and this one waits for its turn. */
  public synchronized void waits(String why) {
    waitingFor = why;
  }

  /** This publisher is at work. */
  public synchronized void works() {
    waitingFor = null;
  }

  /** The program was told to stop. */
  public synchronized void stops() {
    isStopping = true;
  }

  /** Ticks of the schedule came while a run was not over, or too late. */
  public synchronized void skips(long ticks) {
    skipped += ticks;
  }

  /** A run has ended. */
  public synchronized void ended(Run run) {
    counts.merge(run.outcome(), 1L, Long::sum);
    runs.addFirst(run);
    if (runs.size() > MAX_RUNS) {
      runs.removeLast();
    }
    if (run.outcome().isGood()) {
      lastGood = run;
    }
    if (run.outcome() == Run.Outcome.PUBLISHED || run.outcome() == Run.Outcome.UNCHANGED) {
      lastMeasured = run;
    }
    followers.forEach(follower -> follower.accept(run));
  }

  /** Hears of each run from now on, on the thread of whoever tells the ledger. */
  public synchronized void follow(Consumer<Run> follower) {
    followers.add(follower);
  }

  public synchronized Instant startedAt() {
    return startedAt;
  }

  /** The last runs, the newest first. */
  public synchronized List<Run> runs() {
    return List.copyOf(runs);
  }

  /** The last run that left in use what should be. */
  public synchronized Optional<Run> lastGood() {
    return Optional.ofNullable(lastGood);
  }

  /** The last run that knew what is in use. */
  public synchronized Optional<Run> lastMeasured() {
    return Optional.ofNullable(lastMeasured);
  }

  /** What this publisher waits for, if it does. */
  public synchronized Optional<String> waitingFor() {
    return Optional.ofNullable(waitingFor);
  }

  public synchronized boolean isStopping() {
    return isStopping;
  }

  /** How many runs came to this. */
  public synchronized long count(Run.Outcome outcome) {
    return counts.getOrDefault(outcome, 0L);
  }

  /** How many ticks of the schedule had no run. */
  public synchronized long skipped() {
    return skipped;
  }
}
