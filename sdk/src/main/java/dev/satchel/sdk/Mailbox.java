package dev.satchel.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What other threads want of the refresh thread: an attempt, a look at what has changed, or its
 * end. The refresh thread waits here, and nowhere else. Its own state is guarded by its monitor.
 */
final class Mailbox {
  private boolean isClosed;
  private boolean isAttemptAskedFor;
  private boolean hasSourceChanged;

  /** Who waits for the attempt that is under way or asked for, which is one and the same. */
  private @Nullable CompletableFuture<ClientStatus> attempt;

  static IllegalStateException closedException() {
    return new IllegalStateException("the client is closed");
  }

  synchronized boolean isClosed() {
    return isClosed;
  }

  /** The outcome of the attempt under way, or of one that is asked for hereby. */
  synchronized CompletableFuture<ClientStatus> askForAttempt() {
    if (isClosed) {
      return CompletableFuture.failedFuture(closedException());
    }
    CompletableFuture<ClientStatus> outcome = attempt;
    if (outcome == null) {
      outcome = new CompletableFuture<>();
      attempt = outcome;
      isAttemptAskedFor = true;
      notifyAll();
    }
    return outcome;
  }

  /** Asks for an attempt that sees what the source has from now on. */
  synchronized void sourceChanged() {
    hasSourceChanged = true;
    notifyAll();
  }

  /** Something that the refresh thread may be waiting for has happened. */
  synchronized void wake() {
    notifyAll();
  }

  /** Ends every wait; fails whoever waits for an attempt. Idempotent. */
  void close() {
    CompletableFuture<ClientStatus> waiting;
    synchronized (this) {
      isClosed = true;
      waiting = attempt;
      attempt = null;
      notifyAll();
    }
    if (waiting != null) {
      waiting.completeExceptionally(closedException());
    }
  }

  /** An attempt begins: whoever asks from now on waits for this one. */
  synchronized void attemptBegins() {
    isAttemptAskedFor = false;
    hasSourceChanged = false;
    if (attempt == null && !isClosed) {
      attempt = new CompletableFuture<>();
    }
  }

  /** The attempt has ended so; whoever asks from now on wants another. */
  void attemptEnded(ClientStatus status) {
    List<CompletableFuture<ClientStatus>> waiting = new ArrayList<>();
    synchronized (this) {
      if (attempt != null) {
        waiting.add(attempt);
        attempt = null;
      }
    }
    // not on this thread: what an application does with the answer must not hold the client up
    waiting.forEach(outcome -> outcome.completeAsync(() -> status));
  }

  /** Whether somebody wants an attempt before the next poll. */
  synchronized boolean wantsAttempt() {
    return isAttemptAskedFor || hasSourceChanged;
  }

  /**
   * Waits until the condition holds, or this moment has come, or the box is closed.
   *
   * @param untilNanos by {@link System#nanoTime}
   */
  synchronized void await(BooleanSupplier condition, long untilNanos) throws InterruptedException {
    for (long left = untilNanos - System.nanoTime();
        left > 0 && !isClosed && !condition.getAsBoolean();
        left = untilNanos - System.nanoTime()) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
  }
}
