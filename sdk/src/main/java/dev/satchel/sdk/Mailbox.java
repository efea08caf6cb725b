package dev.satchel.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What other threads want from the refresh thread: an attempt, a look at what has changed, or its
 * end. The refresh thread waits only here. Guarded by its own monitor.
 */
final class Mailbox {
  private boolean isClosed;
  private boolean isAttemptAskedFor;
  private boolean hasSourceChanged;

  /** The outcome of the attempt that is under way or asked for; everybody who waits shares it. */
  private @Nullable CompletableFuture<ClientStatus> attempt;

  static IllegalStateException closedException() {
    return new IllegalStateException("the client is closed");
  }

  synchronized boolean isClosed() {
    return isClosed;
  }

  /** Returns the outcome of the attempt under way, or asks for one and returns its outcome. */
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

  /** Tells the refresh thread that something it may be waiting for has happened. */
  synchronized void wake() {
    notifyAll();
  }

  /** Ends every wait, and fails the outcome that others wait for. Idempotent. */
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

  /** Notes that an attempt begins: callers who ask from now on wait for this one. */
  synchronized void attemptBegins() {
    isAttemptAskedFor = false;
    hasSourceChanged = false;
    if (attempt == null && !isClosed) {
      attempt = new CompletableFuture<>();
    }
  }

  /**
   * Notes that the attempt has ended with this status: callers who ask from now on want another.
   */
  void attemptEnded(ClientStatus status) {
    List<CompletableFuture<ClientStatus>> waiting = new ArrayList<>();
    synchronized (this) {
      if (attempt != null) {
        waiting.add(attempt);
        attempt = null;
      }
    }
    // not on this thread: what an application does with the outcome must not delay the client
    waiting.forEach(outcome -> outcome.completeAsync(() -> status));
  }

  /** Returns whether an attempt was asked for before the next poll. */
  synchronized boolean wantsAttempt() {
    return isAttemptAskedFor || hasSourceChanged;
  }

  /** Waits for a second, or until the mailbox is closed. Needs no memory. */
  synchronized void pauseForMemory() throws InterruptedException {
    long until = System.nanoTime() + 1_000_000_000;
    for (long left = 1_000; left > 0 && !isClosed; left = (until - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
  }

  /**
   * Waits until the condition holds, this time has come, or the mailbox is closed.
   *
   * @param untilNanos a time of {@link System#nanoTime}
   */
  synchronized void await(BooleanSupplier condition, long untilNanos) throws InterruptedException {
    for (long left = untilNanos - System.nanoTime();
        left > 0 && !isClosed && !condition.getAsBoolean();
        left = untilNanos - System.nanoTime()) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
  }
}
