package dev.satchel.sdk;

import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.ConfigClientOptions.WhenExpired;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a client serves, and how far to trust it: notes what happens, swaps the view, and
 * tells the log and the listeners. Only the refresh thread writes; any thread may read the view and
 * the status.
 */
final class Serving {
  private final CurrentView view;
  private final SteadyClock clock;
  private final WhenExpired whenExpired;
  private final StateLog log;
  private final ClientListeners listeners;

  /**
   * Written after the view, so that a thread that reads the status then finds that view or a newer
   * one.
   */
  private volatile Freshness freshness;

  Serving(String source, ConfigClientOptions options, SteadyClock clock, CurrentView view) {
    this.view = view;
    this.clock = clock;
    this.whenExpired = options.whenExpired();
    Instant now = clock.now();
    this.freshness = Freshness.begin(Freshness.Terms.of(options), now);
    this.log = new StateLog(source, freshness.at(now));
    this.listeners = new ClientListeners(view::get, this::status);
  }

  /** Returns the status, in times of day. */
  ClientStatus status() {
    Freshness known = freshness; // first, so that its times are not after now
    SteadyClock.Look look = clock.look();
    return known.at(look.now()).afterSetting(look.secondsSet());
  }

  ClientListeners listeners() {
    return listeners;
  }

  /** Returns whether there is something to serve. */
  boolean isLoaded() {
    return freshness.loadedAt() != null;
  }

  /** Notes that the source was reached and confirmed this view. */
  void agreed(ConfigView agreedOn) {
    Instant now = clock.now();
    turn(freshness.agreed(agreedOn, now), now);
  }

  /** Notes that the source was reached and this was fetched for the view. */
  void agreed(ConfigView agreedOn, Freshness.Fetch fetched) {
    Instant now = clock.now();
    turn(freshness.agreed(agreedOn, fetched, now), now);
  }

  /** Notes that an attempt failed; the view held stays. */
  void failed(String reason) {
    Instant now = clock.now();
    turn(freshness.failed(reason, now), now);
  }

  /** Notes that a snapshot came from elsewhere than the source; see {@link Freshness#fellBack}. */
  void fellBack(ConfigView fallback, @Nullable Instant agreedAt) {
    Instant now = clock.now();
    turn(freshness.fellBack(fallback, agreedAt, now), now);
  }

  private void turn(Freshness next, Instant now) {
    serve(next, next.at(now));
    freshness = next;
    look();
  }

  private void serve(Freshness next, ClientStatus status) {
    boolean hidden = status.state() == State.EXPIRED && whenExpired == WhenExpired.ANSWER_DEFAULTS;
    view.set(hidden ? ConfigView.EMPTY : next.view());
    next.view().mistakes().inUse();
  }

  /** Reports a change of state that is due because time has passed. */
  void look() {
    ClientStatus status = status();
    serve(freshness, status);
    log.report(status, view.get().revision() == status.revision());
    listeners.wake();
  }

  /** Returns how long until the state changes if nothing happens, at most {@code most}. */
  Duration untilLook(Duration most) {
    Instant now = clock.now();
    Instant next = freshness.nextChange(now);
    Duration wait = next == null ? most : Duration.between(now, next);
    return wait.compareTo(most) < 0 ? wait : most;
  }
}
