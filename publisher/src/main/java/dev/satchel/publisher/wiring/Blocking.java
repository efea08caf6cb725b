package dev.satchel.publisher.wiring;

import dev.satchel.publisher.text.FailureText;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;

/** Waits for futures on a thread that may block, which is none of Vert.x's. */
public final class Blocking {
  private Blocking() {}

  /** Blocks until the future completes. Gives its result, or throws what it failed with. */
  public static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(FailureText.inWords(e), e.getCause());
    }
  }
}
