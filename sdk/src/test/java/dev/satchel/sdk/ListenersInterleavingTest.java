package dev.satchel.sdk;

import static dev.satchel.sdk.Interleavings.check;
import static dev.satchel.sdk.Interleavings.explore;
import static dev.satchel.sdk.Interleavings.join;
import static dev.satchel.sdk.Interleavings.start;

import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.Interleavings.OneThread;
import dev.satchel.sdk.RefreshReport.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What listeners are promised, in hundreds of interleavings of those who tell, add and close. */
@Tag("interleaving")
final class ListenersInterleavingTest {
  private static final ClientStatus FRESH = status(State.FRESH);
  private static final ClientStatus STALE = status(State.STALE);
  private static final ClientStatus EXPIRED = status(State.EXPIRED);

  @Test
  void noListenerIsCalledOnceClosingHasCompleted() {
    explore(
        () -> {
          var now = new Now();
          var thread = OneThread.begin();
          var listeners = new ClientListeners(() -> ConfigView.EMPTY, () -> now.status, thread);
          var closed = new AtomicBoolean();
          var late = new AtomicBoolean();
          listeners.onStatus(state -> late.compareAndSet(false, closed.get()));
          listeners.onRefresh(report -> late.compareAndSet(false, closed.get()));
          now.status = STALE;
          listeners.attempted(Outcome.FAILED, Duration.ZERO, ClientStatus.Fetched.NOTHING, 0);

          var unused = listeners.close().thenRun(() -> closed.set(true));

          thread.end();
          check(closed.get(), "expected closing to complete");
          check(!late.get(), "expected no call after closing had completed");
        });
  }

  @Test
  void whoAddsAListenerDuringAChangeAndThenLooksMissesNeitherThisNorTheNext() {
    explore(
        () -> {
          var now = new Now();
          var thread = OneThread.begin();
          var listeners = new ClientListeners(() -> ConfigView.EMPTY, () -> now.status, thread);
          Thread change =
              start(
                  () -> {
                    now.status = STALE;
                    listeners.wake();
                  });
          var told = new AtomicInteger();
          var last = new Now();

          listeners.onStatus(
              status -> {
                told.incrementAndGet();
                last.status = status;
              });
          State found = now.status.state();

          join(change);
          thread.rest();
          check(told.get() <= 1, "expected the change to be told once");
          check(told.get() == 1 || found == State.STALE, "expected it to be told or found");
          now.status = FRESH;
          listeners.wake();
          thread.end();
          check(
              told.get() > 0 || found == State.FRESH,
              "expected the next change to be told as well");
          check(last.status.state() == State.FRESH, "expected the last state to be told last");
        });
  }

  @Test
  void ofTwoChangesAtOnceAListenerIsToldTheLastInTheEnd() {
    explore(
        () -> {
          var now = new Now();
          var thread = OneThread.begin();
          var listeners = new ClientListeners(() -> ConfigView.EMPTY, () -> now.status, thread);
          var told = new Now();
          listeners.onStatus(status -> told.status = status);
          Thread other =
              start(
                  () -> {
                    now.status = STALE;
                    listeners.wake();
                  });

          now.status = EXPIRED;
          listeners.wake();

          join(other);
          thread.end();
          check(told.status.state() == now.status.state(), "expected the last state to be told");
        });
  }

  /** The state there is, or the one that was told last. */
  private static final class Now {
    private volatile ClientStatus status = FRESH;
  }

  private static ClientStatus status(State state) {
    return new ClientStatus(
        state,
        Instant.EPOCH,
        1,
        1,
        Instant.EPOCH,
        Instant.EPOCH,
        null,
        List.of(),
        ClientStatus.Fetched.NOTHING,
        0);
  }
}
