package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.KvReader;
import dev.satchel.sdk.source.SnapshotSource;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits in tests, always with a deadline. */
public final class Waiting {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private Waiting() {}

  /** Starts to open a client of the key that the options name. */
  static CompletableFuture<ConfigClient> opening(KvReader kv, ConfigClientOptions options) {
    return ConfigClient.open(SnapshotSource.of(kv, options.keyToRead()), options)
        .toCompletableFuture();
  }

  public static <T> T await(Future<T> future) {
    return await(future.toCompletionStage());
  }

  /**
   * Returns what the stage completes with, or throws the unchecked exception that it fails with.
   */
  public static <T> T await(CompletionStage<T> stage) {
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

  public static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes the next element, which may be yet to come. */
  public static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  /** Asks again and again: only for what tells nobody that it has happened. */
  public static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("expected within " + DEADLINE + ": " + what);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
