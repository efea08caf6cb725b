package dev.satchel.sdk;

import dev.satchel.sdk.ClientStatus.Fetched;
import java.time.Duration;

/**
 * The result of one attempt to refresh.
 *
 * @param took the time from asking the source to the swap, or to the failure
 * @param status the client's status afterwards
 * @param fetched what was fetched and put in use
 * @param fetchedBytes its size in bytes, or that of all patches together
 */
public record RefreshReport(
    Outcome outcome, Duration took, ClientStatus status, Fetched fetched, long fetchedBytes) {

  /** The outcome of an attempt. */
  public enum Outcome {
    /** A new revision is in use. */
    UPDATED,
    /** The source confirmed that its newest snapshot is already in use. */
    UNCHANGED,
    /** The source could not be reached, or its snapshot cannot be used. */
    FAILED
  }
}
