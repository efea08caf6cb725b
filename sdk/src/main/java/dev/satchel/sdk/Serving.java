package dev.satchel.sdk;

import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.ConfigClientOptions.WhenExpired;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What a client serves, and how far that can be trusted: takes note of what happens, swaps the
 * view, and tells log and listeners. Written by the refresh thread alone; the view and the status
 * may be read by any.
 */
final class Serving {
  private final CurrentView view;
  private final InstantSource clock;
  private final WhenExpired whenExpired;
  private final StateLog log;
  private final ClientListeners listeners;

  /** Written after the view, so that a reader of the status finds at least that view. */
  private volatile Freshness freshness;

  Serving(String source, ConfigClientOptions options, CurrentView view) {
    this.view = view;
    this.clock = options.clock();
    this.whenExpired = options.whenExpired();
    Instant now = clock.instant();
    this.freshness = Freshness.begin(Freshness.Terms.of(options), now);
    this.log = new StateLog(source, freshness.at(now));
    this.listeners = new ClientListeners(view::get, this::status);
  }

  ClientStatus status() {
    return freshness.at(clock.instant());
  }

  ClientListeners listeners() {
    return listeners;
  }

  /** Whether there is something to serve. */
  boolean isLoaded() {
    return freshness.loadedAt() != null;
  }

  /** The source was reached, and this is what it announces. */
  void agreed(ConfigView agreedOn) {
    Instant now = clock.instant();
    turn(freshness.agreed(agreedOn, now), now);
  }

  /** An attempt failed; what is held stays. */
  void failed(String reason) {
    Instant now = clock.instant();
    turn(freshness.failed(reason, now), now);
  }

  /** Something else than the source had a snapshot; {@link Freshness#fellBack} says more. */
  void fellBack(ConfigView fallback, @Nullable Instant agreedAt) {
    Instant now = clock.instant();
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
  }

  /** Does what is due because time has passed. */
  void look() {
    ClientStatus status = status();
    serve(freshness, status);
    log.report(status, view.get().revision() == status.revision());
    listeners.wake();
  }

  /** How long until the state changes if nothing happens; at most so long. */
  Duration untilLook(Duration most) {
    Instant now = clock.instant();
    Instant next = freshness.nextChange(now);
    Duration wait = next == null ? most : Duration.between(now, next);
    return wait.compareTo(most) < 0 ? wait : most;
  }
}
