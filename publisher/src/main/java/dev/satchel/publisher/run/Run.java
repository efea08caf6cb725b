package dev.satchel.publisher.run;

import dev.satchel.publisher.store.PairCounts;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run that has ended.
 *
 * @param seconds by stage, in the order of the stages
 * @param revision in use afterwards, 0 if the run does not know it
 * @param users read, 0 if none were
 * @param bytes of the snapshot in use afterwards, 0 if the run does not know them
 * @param patchBytes of the patch to that snapshot, 0 if there is none
 * @param pairs how many pairs of users were written and deleted
 * @param words one line for a person
 */
public record Run(
    Instant beganAt,
    Trigger trigger,
    Outcome outcome,
    Map<String, Double> seconds,
    long revision,
    long users,
    long bytes,
    long patchBytes,
    PairCounts pairs,
    String words) {

  /** Why a run began. */
  public enum Trigger {
    START,
    SCHEDULE,
    NOTIFICATION,
    /** The run before was asked for and failed. */
    RETRY
  }

  /** The result of a run. */
  public enum Outcome {
    /** A new revision is in use. */
    PUBLISHED,
    /** What the database says was in use already. */
    UNCHANGED,
    /** A person holds the snapshot in use. */
    HELD,
    /** The publisher found something that a person has to look at. */
    REFUSED,
    /** Something went wrong. */
    FAILED;

    /** Returns whether the snapshot in use is what the database, or a person, asked for. */
    public boolean isGood() {
      return this == PUBLISHED || this == UNCHANGED || this == HELD;
    }
  }

  public Run {
    seconds = Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
  }

  /** Returns the sum of all stages. */
  public double allSeconds() {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
