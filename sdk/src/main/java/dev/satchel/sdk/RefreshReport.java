package dev.satchel.sdk;

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

  /** What an attempt fetched and put in use. */
  public enum Fetched {
    /** Nothing: there was nothing new, or it could not be used. */
    NOTHING,
    /** One or more patches to the snapshot that was in use. */
    PATCH,
    /** The whole value. */
    VALUE
  }

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
