package dev.satchel.publisher.lock;

import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.time.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Lets this process do one thing after another as the only writer of its key, and lets other
 * processes write in between. Safe for any thread.
 */
public final class WriterTurns {
  private static final Duration ASK_AGAIN = Duration.ofMillis(250);

  private final Time time;
  private final WriterLock lock;
  private final WriteGate gate;
  private final Duration wait;
  private Future<?> last = Future.succeededFuture();

  /**
   * Creates turns that wait a limited time for other processes, and then fail with the name of the
   * holder.
   */
  public WriterTurns(Time time, WriterLock lock, WriteGate gate, Duration wait) {
    this.time = time;
    this.lock = lock;
    this.gate = gate;
    this.wait = wait;
  }

  /** Does something in its turn; the next turn begins when the future has completed. */
  public synchronized <T> Future<T> run(Supplier<Future<T>> work) {
    Future<T> turn =
        last.otherwiseEmpty()
            .compose(
                before -> {
                  gate.check();
                  return take(time.nanos() + wait.toNanos());
                })
            .compose(taken -> work.get())
            .eventually(lock::release);
    last = turn;
    return turn;
  }

  private Future<Void> take(long deadline) {
    return lock.take()
        .recover(
            failure ->
                failure instanceof RefusedException && time.nanos() - deadline < 0
                    ? time.pause(ASK_AGAIN)
                        .compose(
                            later -> {
                              gate.check();
                              return take(deadline);
                            })
                    : Future.failedFuture(failure));
  }
}
