package dev.satchel.sdk;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a client serves at one moment, and how far it can be trusted.
 *
 * @param state how far the view held can be trusted to be the newest
 * @param since when this state began
 * @param revision the revision held, or 0 if there is none
 * @param users how many users it holds
 * @param publishedAt when the publisher made it, or null if there is none
 * @param lastChecked when the source was last reached and agreed that this is its newest, by this
 *     process or, if the snapshot came from the copy on disk, by the one that kept it; or null
 * @param lastFailure why the latest attempt failed, in one line without secrets, or null if it
 *     succeeded
 */
public record ClientStatus(
    State state,
    Instant since,
    long revision,
    int users,
    @Nullable Instant publishedAt,
    @Nullable Instant lastChecked,
    @Nullable String lastFailure) {

  /** How far the view held can be trusted to be the newest. */
  public enum State {
    /** Nothing was ever loaded: lookups answer the caller's default. */
    EMPTY,
    /**
     * The source agreed at the latest attempt that its newest snapshot is in use, or has failed for
     * less than {@link ConfigClientOptions#staleAfter}.
     */
    FRESH,
    /** The source fails, or no attempt ends: the last good snapshot is in use. */
    STALE,
    /**
     * The source has not agreed for {@link ConfigClientOptions#expireAfter}: {@link
     * ConfigClientOptions#whenExpired} says what lookups answer.
     */
    EXPIRED
  }

  /** Whether to send this process work: true if FRESH or STALE, and so not for ever once true. */
  public boolean isReady() {
    return state == State.FRESH || state == State.STALE;
  }
}
