package dev.satchel.sdk;

import dev.satchel.kv.KvReader;
import dev.satchel.sdk.source.SnapshotSource;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits in tests, always with a deadline. */
final class Waiting {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private Waiting() {}

  /** A client of the key that the options name, as it opens. */
  static CompletableFuture<ConfigClient> opening(KvReader kv, ConfigClientOptions options) {
    return ConfigClient.open(SnapshotSource.of(kv, options.keyToRead()), options)
        .toCompletableFuture();
  }

  static <T> T await(Future<T> future) {
    return await(future.toCompletionStage());
  }

  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError("the future failed", e);
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError("the future did not complete within " + DEADLINE, e);
    }
  }

  /** Polls: for what has no future to wait on. */
  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    var never = new CountDownLatch(1);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("expected within " + DEADLINE + ": " + what);
      }
      try {
        if (never.await(5, TimeUnit.MILLISECONDS)) {
          throw new AssertionError("nobody counts this latch down");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
