package dev.satchel.sdk;

import dev.satchel.sdk.ClientStatus.Fetched;
import dev.satchel.sdk.ClientStatus.State;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to a client's view so far. The state at any time follows from it: a view
 * becomes stale and expires without any event. Times are by the client's own clock.
 *
 * @param view the view held, whether served or not
 * @param begunAt when the client was made
 * @param loadedAt when the first snapshot came, or null before
 * @param freshSince when the source began to confirm the view, or null if it never did in this
 *     process
 * @param lastChecked when the source last confirmed the view, here or, according to the copy on
 *     disk, in another process
 * @param failingSince when attempts began to fail, or null if the latest one did not
 * @param lastFailure why the latest attempt failed, in one line, or null if it did not
 * @param fetch what was fetched for the view
 */
record Freshness(
    Terms terms,
    ConfigView view,
    Instant begunAt,
    @Nullable Instant loadedAt,
    @Nullable Instant freshSince,
    @Nullable Instant lastChecked,
    @Nullable Instant failingSince,
    @Nullable String lastFailure,
    Fetch fetch) {

  /**
   * The limits that the options set.
   *
   * @param staleAfter how long attempts may fail
   * @param overdueAfter how long the client may go without the end of an attempt
   * @param expireAfter how long the client may go without the source's confirmation, or null for
   *     ever
   */
  record Terms(Duration staleAfter, Duration overdueAfter, @Nullable Duration expireAfter) {

    static Terms of(ConfigClientOptions options) {
      // an attempt makes at most two calls, and a poll may come a tenth later than the interval
      Duration attempt =
          options
              .pollInterval()
              .multipliedBy(11)
              .dividedBy(10)
              .plus(options.callTimeout().multipliedBy(2));
      Duration staleAfter = options.staleAfter();
      return new Terms(
          staleAfter,
          attempt.compareTo(staleAfter) > 0 ? attempt : staleAfter,
          options.expireAfter());
    }
  }

  /**
   * What was fetched for a view.
   *
   * @param bytes its size
   */
  record Fetch(Fetched kind, long bytes) {
    static final Fetch NOTHING = new Fetch(Fetched.NOTHING, 0);
  }

  static Freshness begin(Terms terms, Instant now) {
    return new Freshness(terms, ConfigView.EMPTY, now, null, null, null, null, null, Fetch.NOTHING);
  }

  /** Returns the freshness after the source was reached and confirmed the view. */
  Freshness agreed(ConfigView agreedOn, Instant now) {
    return agreed(agreedOn, fetch, now);
  }

  /** Returns the freshness after the source was reached and this was fetched for the view. */
  Freshness agreed(ConfigView agreedOn, Fetch fetched, Instant now) {
    return new Freshness(
        terms,
        agreedOn,
        begunAt,
        loadedAt == null ? now : loadedAt,
        freshSince != null && at(now).state() == State.FRESH ? freshSince : now,
        now,
        null,
        null,
        fetched);
  }

  /** Returns the freshness after an attempt failed; the view held stays. */
  Freshness failed(String failure, Instant now) {
    return new Freshness(
        terms,
        view,
        begunAt,
        loadedAt,
        freshSince,
        lastChecked,
        failingSince == null ? now : failingSince,
        failure,
        fetch);
  }

  /**
   * Returns the freshness after something else was loaded because the source had nothing.
   *
   * @param agreedAt when the source last confirmed this as its newest, or null if unknown
   */
  Freshness fellBack(ConfigView fallback, @Nullable Instant agreedAt, Instant now) {
    Instant known = agreedAt != null && agreedAt.isAfter(now) ? now : agreedAt;
    return new Freshness(
        terms, fallback, begunAt, now, null, known, failingSince, lastFailure, Fetch.NOTHING);
  }

  ClientStatus at(Instant now) {
    Instant loaded = loadedAt;
    if (loaded == null) {
      return status(State.EMPTY, begunAt, lastFailure);
    }
    Instant expiry = expiry();
    if (expiry != null && !now.isBefore(expiry)) {
      return status(State.EXPIRED, later(expiry, loaded), inWords());
    }
    Instant stale = staleness(loaded);
    if (!now.isBefore(stale)) {
      return status(State.STALE, stale, inWords());
    }
    return status(State.FRESH, freshSince == null ? loaded : freshSince, lastFailure);
  }

  /** Returns when the state changes next if nothing happens, or null if it stays as it is. */
  @Nullable Instant nextChange(Instant now) {
    Instant loaded = loadedAt;
    if (loaded == null) {
      return null;
    }
    Instant stale = staleness(loaded);
    Instant expiry = expiry();
    if (expiry == null || !now.isBefore(expiry)) {
      return expiry == null && now.isBefore(stale) ? stale : null;
    }
    return now.isBefore(stale) && stale.isBefore(expiry) ? stale : expiry;
  }

  private Instant staleness(Instant loaded) {
    Instant agreed = lastChecked;
    if (freshSince == null || agreed == null) {
      return loaded;
    }
    return failingSince == null
        ? agreed.plus(terms.overdueAfter())
        : later(failingSince, agreed.plus(terms.staleAfter()));
  }

  private @Nullable Instant expiry() {
    Instant from = lastChecked == null ? view.publishedAt() : lastChecked;
    return terms.expireAfter() == null || from == null ? null : from.plus(terms.expireAfter());
  }

  private String inWords() {
    if (lastFailure != null) {
      return lastFailure;
    }
    return "expected an answer of the source%s but no attempt has ended"
        .formatted(lastChecked == null ? "" : " since " + lastChecked);
  }

  private ClientStatus status(State state, Instant since, @Nullable String failure) {
    return new ClientStatus(
        state,
        since,
        view.revision(),
        view.users(),
        view.publishedAt(),
        lastChecked,
        failure,
        view.mistakes().lines(),
        fetch.kind(),
        fetch.bytes());
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
