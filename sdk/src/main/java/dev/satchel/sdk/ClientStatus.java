package dev.satchel.sdk;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client serves at one moment, and how far to trust it.
 *
 * @param state how far the view held can be trusted to be the newest
 * @param since when this state began
 * @param revision the revision held, or 0 if there is none
 * @param users how many users it holds
 * @param publishedAt when the publisher made the snapshot, or null if there is none
 * @param lastChecked when this process last reached the source and the source confirmed this as its
 *     newest; for a snapshot from the copy on disk, when the process that kept the copy did; or
 *     null
 * @param lastFailure why the latest attempt failed, in one line without secrets, or null if it
 *     succeeded
 * @param fieldMistakes what the application asks of this revision in vain, a line each: fields that
 *     it does not have, or whose values are all of another type
 * @param fetched what was fetched for the revision held; nothing for one from the copy on disk or
 *     the bundle
 * @param fetchedBytes its size in bytes, or that of all patches together; 0 for nothing
 */
public record ClientStatus(
    State state,
    Instant since,
    long revision,
    int users,
    @Nullable Instant publishedAt,
    @Nullable Instant lastChecked,
    @Nullable String lastFailure,
    List<String> fieldMistakes,
    Fetched fetched,
    long fetchedBytes) {

  /** What an attempt fetched and put in use. */
  public enum Fetched {
    /** Nothing: there was nothing new, or it could not be used. */
    NOTHING,
    /** One or more patches to the snapshot that was in use. */
    PATCH,
    /** The whole value. */
    VALUE
  }

  /** How far the view held can be trusted to be the newest. */
  public enum State {
    /** No snapshot was ever loaded: lookups return the caller's default. */
    EMPTY,
    /**
     * At the latest attempt the source confirmed that its newest snapshot is in use, or it has
     * failed for less than {@link ConfigClientOptions#staleAfter}.
     */
    FRESH,
    /** The source fails, or attempts do not end: the last good snapshot is in use. */
    STALE,
    /**
     * The source has not confirmed the snapshot for {@link ConfigClientOptions#expireAfter}: {@link
     * ConfigClientOptions#whenExpired} says what lookups return.
     */
    EXPIRED
  }

  /** Returns the same, with its times as they are after the time of day was set by this much. */
  ClientStatus afterSetting(long seconds) {
    return seconds == 0
        ? this
        : new ClientStatus(
            state,
            since.plusSeconds(seconds),
            revision,
            users,
            publishedAt,
            lastChecked == null ? null : lastChecked.plusSeconds(seconds),
            lastFailure,
            fieldMistakes,
            fetched,
            fetchedBytes);
  }

  /**
   * Returns whether this process is ready for work: true if FRESH or STALE. It can become false
   * again.
   */
  public boolean isReady() {
    return state == State.FRESH || state == State.STALE;
  }
}
