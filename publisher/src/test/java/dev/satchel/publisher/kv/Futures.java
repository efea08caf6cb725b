package dev.satchel.publisher.kv;

import static dev.satchel.publisher.Waiting.await;

import dev.satchel.kv.KvException;
import io.vertx.core.Future;

/** Waits for futures that are to fail. */
final class Futures {
  private Futures() {}

  /** The failure that {@code future} must end with. */
  static Throwable failureOf(Future<?> future) {
    return await(
        future.transform(
            done ->
                done.failed()
                    ? Future.succeededFuture(done.cause())
                    : Future.failedFuture(
                        new AssertionError("expected a failure but found " + done.result()))));
  }

  static KvException kvFailureOf(Future<?> future) {
    if (failureOf(future) instanceof KvException failure) {
      return failure;
    }
    throw new AssertionError("expected a KvException but found " + failureOf(future));
  }
}
