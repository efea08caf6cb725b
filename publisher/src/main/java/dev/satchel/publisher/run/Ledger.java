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

/** Records what the publisher has done since it started. Safe for any thread. */
public final class Ledger {
  private static final int MAX_RUNS = 50;

  private final Instant startedAt;
  private final StageRecorder stages = new StageRecorder();
  private final Deque<Run> runs = new ArrayDeque<>();
  private final Map<Run.Outcome, Long> counts = new EnumMap<>(Run.Outcome.class);
  private final List<Consumer<Run>> followers = new ArrayList<>();
  private @Nullable Run lastGood;
  private @Nullable Run lastMeasured;
  private @Nullable String waitingFor;
  private long skipped;
  private boolean isStopping;

  /** Creates an empty ledger. */
  public Ledger(Instant startedAt) {
    this.startedAt = startedAt;
  }

  /** Records that another publisher is at work and this one waits for its turn. */
  public synchronized void waits(String why) {
    waitingFor = why;
  }

  /** Records that this publisher is at work. */
  public synchronized void works() {
    waitingFor = null;
  }

  /** Records that the program was told to stop. */
  public synchronized void stops() {
    isStopping = true;
  }

  /** Records ticks that came during a run, or too late. */
  public synchronized void skips(long ticks) {
    skipped += ticks;
  }

  /** Records a run that has ended. */
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

  /** Calls the follower with each run from now on, on the thread that reports the run. */
  public synchronized void follow(Consumer<Run> follower) {
    followers.add(follower);
  }

  /** Returns what follows the progress of the present run. */
  public StageRecorder stages() {
    return stages;
  }

  public synchronized Instant startedAt() {
    return startedAt;
  }

  /** Returns the last runs, newest first. */
  public synchronized List<Run> runs() {
    return List.copyOf(runs);
  }

  /** Returns the last run, whatever its outcome. */
  public synchronized Optional<Run> lastRun() {
    return Optional.ofNullable(runs.peekFirst());
  }

  /** Returns the last run that left the right snapshot in use. */
  public synchronized Optional<Run> lastGood() {
    return Optional.ofNullable(lastGood);
  }

  /** Returns the last run that knew what is in use. */
  public synchronized Optional<Run> lastMeasured() {
    return Optional.ofNullable(lastMeasured);
  }

  /** Returns what this publisher waits for, if it waits. */
  public synchronized Optional<String> waitingFor() {
    return Optional.ofNullable(waitingFor);
  }

  public synchronized boolean isStopping() {
    return isStopping;
  }

  /** Counts the runs with this outcome. */
  public synchronized long count(Run.Outcome outcome) {
    return counts.getOrDefault(outcome, 0L);
  }

  /** Counts the ticks of the schedule that had no run. */
  public synchronized long skipped() {
    return skipped;
  }
}
