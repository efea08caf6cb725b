package dev.satchel.sdk;

import dev.satchel.sdk.source.SourceException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls that may hang, one at a time, each on a daemon thread of its own. A call that is
 * given up is interrupted. If it goes on nevertheless, no other call starts until it ends, so a
 * call that hangs for ever costs one thread. Confined to the thread that makes the calls, except
 * for {@link #interrupt}.
 */
final class BoundedCalls {
  private final String threadName;
  private volatile @Nullable Thread latest;
  private volatile boolean isUnderWay;

  /** The outcome of a call that ended without the memory to complete it. */
  private volatile @Nullable CompletableFuture<?> lost;

  BoundedCalls(String threadName) {
    this.threadName = threadName;
  }

  /** Returns whether a call has not ended; one that was given up hangs. */
  boolean isUnderWay() {
    return isUnderWay;
  }

  /**
   * Starts a call. Not allowed while another hangs.
   *
   * @param ended called on the call's thread when the call {@link #hasEnded}
   */
  <T> CompletableFuture<T> begin(Callable<T> call, Runnable ended) {
    var outcome = new CompletableFuture<T>();
    Thread before = latest;
    var thread = new Thread(() -> make(call, before, outcome, ended), threadName);
    thread.setDaemon(true); // a forgotten client must not keep its application from ending
    isUnderWay = true;
    latest = thread;
    try {
      thread.start();
    } catch (VirtualMachineError e) { // there is no memory for another thread
      latest = before;
      isUnderWay = false;
      throw e;
    }
    return outcome;
  }

  @SuppressWarnings("CatchingUnchecked") // the waiting thread must learn of an Error of the JVM too
  private <T> void make(
      Callable<T> call, @Nullable Thread before, CompletableFuture<T> outcome, Runnable ended) {
    T result = null;
    Throwable failure = null;
    try {
      if (before != null) {
        before.join(); // it has reported its outcome and is about to end
      }
      result = call.call();
    } catch (Throwable e) {
      failure = e;
    }
    isUnderWay = false;
    try {
      if (failure == null) {
        outcome.complete(result);
      } else {
        outcome.completeExceptionally(failure);
      }
    } catch (VirtualMachineError e) {
      lost = outcome;
    }
    ended.run();
  }

  /** Returns whether the call has ended, though the outcome may never complete. */
  boolean hasEnded(CompletableFuture<?> outcome) {
    return outcome.isDone() || lost == outcome;
  }

  /**
   * Returns what a call gave that has ended, or throws what it threw.
   *
   * @param what names the call
   * @throws SourceException if that is no unchecked exception, or is lost
   */
  <T> T result(CompletableFuture<T> outcome, String what) throws InterruptedException {
    if (!outcome.isDone()) {
      throw SourceException.passing("the heap was full when this had ended: " + what);
    }
    try {
      return outcome.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      } else if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw SourceException.passing(what + ": " + Failures.inWords(Failures.cause(e)));
    }
  }

  /** Waits for the threads of all calls to end. */
  void join(long millis) throws InterruptedException {
    Thread thread = latest;
    if (thread != null) {
      thread.join(Math.max(1, millis));
    }
  }

  /** Interrupts the call that is under way, if any. Any thread may call this. */
  void interrupt() {
    Thread thread = latest;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
