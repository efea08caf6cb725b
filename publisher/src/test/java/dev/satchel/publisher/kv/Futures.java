package dev.satchel.publisher.kv;

import dev.satchel.kv.KvException;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures with a deadline. */
final class Futures {
  private Futures() {}

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(failed.getCause());
    } catch (InterruptedException | TimeoutException tooLate) {
      throw new AssertionError("expected the future to complete within 30 s", tooLate);
    }
  }

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
