package dev.satchel.sdk;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a client serves at one moment, and how far it can be trusted.
 *
 * @param state how far the view in use can be trusted to be the newest
 * @param since when this state began
 * @param revision the revision in use, or 0 if there is none
 * @param users how many users it holds
 * @param publishedAt when the publisher made it, or null if there is none
 * @param lastChecked when the source was last reached and agreed that this is its newest, or null
 * @param lastFailure why the latest attempt failed, in one line, or null if it succeeded
 */
public record ClientStatus(
    State state,
    Instant since,
    long revision,
    int users,
    @Nullable Instant publishedAt,
    @Nullable Instant lastChecked,
    @Nullable String lastFailure) {

  /** How far the view in use can be trusted to be the newest. */
  public enum State {
    /** Nothing was ever loaded: lookups answer the caller's default. */
    EMPTY,
    /** The source was reached at the latest attempt, and its newest snapshot is in use. */
    FRESH,
    /** The latest attempt failed: the last good snapshot is in use. */
    STALE
  }

  /** Whether lookups answer from a snapshot. */
  public boolean isReady() {
    return state != State.EMPTY;
  }

  static ClientStatus empty(Instant now) {
    return new ClientStatus(State.EMPTY, now, 0, 0, null, null, null);
  }

  /** The source was reached, and {@code view} is what it announces. */
  ClientStatus agreed(ConfigView view, Instant now) {
    return new ClientStatus(
        State.FRESH,
        state == State.FRESH ? since : now,
        view.revision(),
        view.users(),
        view.publishedAt(),
        now,
        null);
  }

  /** An attempt failed; what was in use stays. */
  ClientStatus failed(String failure, Instant now) {
    State next = state == State.EMPTY ? State.EMPTY : State.STALE;
    return new ClientStatus(
        next, next == state ? since : now, revision, users, publishedAt, lastChecked, failure);
  }
}
