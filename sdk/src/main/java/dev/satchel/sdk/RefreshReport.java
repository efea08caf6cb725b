package dev.satchel.sdk;

import java.time.Duration;

/**
 * How one attempt to refresh went.
 *
 * @param took from the question to the swap, or to the failure
 * @param status the client's status afterwards
 */
public record RefreshReport(Outcome outcome, Duration took, ClientStatus status) {

  /** What an attempt led to. */
  public enum Outcome {
    /** A new revision is in use. */
    UPDATED,
    /** The source agreed that its newest is in use already. */
    UNCHANGED,
    /** The source could not be reached, or what it has cannot be used. */
    FAILED
  }
}
