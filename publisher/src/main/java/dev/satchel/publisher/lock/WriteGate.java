package dev.satchel.publisher.lock;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Lets the write in flight end, and no other begin, once it is closed; asks for a permit right
 * before each write. Safe for any thread.
 */
public final class WriteGate {
  private final Supplier<Future<Void>> permit;
  private boolean closed;
  private Future<?> inFlight = Future.succeededFuture();

  /** Creates a gate that needs no permit. */
  public WriteGate() {
    this(Future::succeededFuture);
  }

  /** Creates a gate that lets no write through if the permit fails. */
  public WriteGate(Supplier<Future<Void>> permit) {
    this.permit = permit;
  }

  /** Asks for the permit again, in the middle of a write that takes several requests. */
  public Future<Void> permit() {
    return permit.get();
  }

  /** Begins a write unless the gate is closed. Writes come one after another. */
  public synchronized <T> Future<T> write(Supplier<Future<T>> write) {
    if (closed) {
      return Future.failedFuture(new StoppedException());
    }
    Future<T> begun =
        permit
            .get()
            .compose(
                permitted -> {
                  check(); // it may have been closed while we asked
                  return write.get();
                });
    inFlight = begun;
    return begun;
  }

  /** Closes the gate. The future completes when no write is in flight any more, and never fails. */
  public synchronized Future<Void> close() {
    closed = true;
    return inFlight.<Void>mapEmpty().otherwiseEmpty();
  }

  /** Fails once the gate is closed, so that long work ends before it reaches a write. */
  public synchronized void check() {
    if (closed) {
      throw new StoppedException();
    }
  }
}
