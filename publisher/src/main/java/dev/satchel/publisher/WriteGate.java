package dev.satchel.publisher;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Lets the write in flight end, and no other begin, once it is closed; asks for a permit right
 * before each write. Safe for any thread.
 */
final class WriteGate {
  private final Supplier<Future<Void>> permit;
  private boolean closed;
  private Future<?> inFlight = Future.succeededFuture();

  /** Creates a gate that needs no permit. */
  WriteGate() {
    this(Future::succeededFuture);
  }

  /** Creates a gate that lets no write through if the permit fails. */
  WriteGate(Supplier<Future<Void>> permit) {
    this.permit = permit;
  }

  /** Asks for the permit again, in the middle of a write that takes several requests. */
  Future<Void> permit() {
    return permit.get();
  }

  /** Begins a write unless the gate is closed. Writes come one after another. */
  synchronized <T> Future<T> write(Supplier<Future<T>> write) {
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
  synchronized Future<Void> close() {
    closed = true;
    return inFlight.<Void>mapEmpty().otherwiseEmpty();
  }

  /** Fails once the gate is closed, so that long work ends before it reaches a write. */
  synchronized void check() {
    if (closed) {
      throw new StoppedException();
    }
  }
}
