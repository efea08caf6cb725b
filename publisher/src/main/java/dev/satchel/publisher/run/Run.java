package dev.satchel.publisher.run;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One run that has ended.
 *
 * @param seconds by stage, in the order of the stages
 * @param revision in use afterwards, 0 if the run does not know it
 * @param users read, 0 if none were
 * @param bytes of what is in use afterwards, 0 if the run does not know
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
    String words) {

  /** Why a run began. */
  public enum Trigger {
    START,
    SCHEDULE,
    NOTIFICATION,
    /** The one before was wanted and failed. */
    RETRY
  }

  /** What a run came to. */
  public enum Outcome {
    /** Something new is in use. */
    PUBLISHED,
    /** What the database says is in use already. */
    UNCHANGED,
    /** A person holds what is in use. */
    HELD,
    /** The publisher found something that a person has to look at. */
    REFUSED,
    /** Something did not work. */
    FAILED;

    /** Whether what is in use is what the database, or a person, said. */
    public boolean isGood() {
      return this == PUBLISHED || this == UNCHANGED || this == HELD;
    }
  }

  public Run {
    seconds = Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
  }

  /** The sum of all stages. */
  public double allSeconds() {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
