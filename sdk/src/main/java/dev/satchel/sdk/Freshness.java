package dev.satchel.sdk;

import dev.satchel.sdk.ClientStatus.State;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to a client's view so far, from which its state follows at any time: nothing
 * needs to happen for a view to become stale or to expire. Times are the clock's of the options.
 *
 * @param view what is held, whether served or not
 * @param begunAt when the client was made
 * @param loadedAt when the first snapshot came, or null before
 * @param freshSince when the source began to agree, or null if it never did in this process
 * @param lastChecked when the source last agreed, here or, by the copy on disk, in another process
 * @param failingSince when attempts began to fail, or null if the latest did not
 * @param lastFailure why the latest failed, in one line, or null if it did not
 */
record Freshness(
    Terms terms,
    ConfigView view,
    Instant begunAt,
    @Nullable Instant loadedAt,
    @Nullable Instant freshSince,
    @Nullable Instant lastChecked,
    @Nullable Instant failingSince,
    @Nullable String lastFailure) {

  /**
   * What the options promise.
   *
   * @param staleAfter how long failures are borne
   * @param overdueAfter how long no attempt may end at all
   * @param expireAfter how long without the source's agreement, or null for ever
   */
  record Terms(Duration staleAfter, Duration overdueAfter, @Nullable Duration expireAfter) {

    static Terms of(ConfigClientOptions options) {
      // an attempt makes two calls at most, and polls may come a tenth later than the interval
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

  static Freshness begin(Terms terms, Instant now) {
    return new Freshness(terms, ConfigView.EMPTY, now, null, null, null, null, null);
  }

  /** The source was reached, and {@code view} is what it announces. */
  Freshness agreed(ConfigView agreedOn, Instant now) {
    return new Freshness(
        terms,
        agreedOn,
        begunAt,
        loadedAt == null ? now : loadedAt,
        freshSince != null && at(now).state() == State.FRESH ? freshSince : now,
        now,
        null,
        null);
  }

  /** An attempt failed; what is held stays. */
  Freshness failed(String failure, Instant now) {
    return new Freshness(
        terms,
        view,
        begunAt,
        loadedAt,
        freshSince,
        lastChecked,
        failingSince == null ? now : failingSince,
        failure);
  }

  /**
   * Something older than the source was loaded, for want of it.
   *
   * @param agreedAt when the source last agreed that this is its newest, or null if nobody knows
   */
  Freshness fellBack(ConfigView fallback, @Nullable Instant agreedAt, Instant now) {
    Instant known = agreedAt != null && agreedAt.isAfter(now) ? now : agreedAt;
    return new Freshness(terms, fallback, begunAt, now, null, known, failingSince, lastFailure);
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

  /** When the state changes next if nothing happens, or null if it then stays as it is. */
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

  private @Nullable String inWords() {
    return lastFailure == null && lastChecked != null
        ? "expected an answer of the source since " + lastChecked + " but no attempt has ended"
        : lastFailure;
  }

  private ClientStatus status(State state, Instant since, @Nullable String failure) {
    return new ClientStatus(
        state, since, view.revision(), view.users(), view.publishedAt(), lastChecked, failure);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
