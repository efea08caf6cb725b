package dev.satchel.publisher;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * What a command sees of the process that runs it.
 *
 * @param out for facts only
 * @param err for progress and failures
 * @param terminal whether a person watches {@code err}
 * @param stop completes when the process is told to stop
 */
record Invocation(
    Map<String, String> env,
    PrintStream out,
    PrintStream err,
    boolean terminal,
    Future<Void> stop) {

  /** Returns the same invocation with other variables. */
  Invocation with(Map<String, String> otherEnv) {
    return new Invocation(otherEnv, out, err, terminal, stop);
  }

  /** Completes as the future does, or successfully as soon as the process is told to stop. */
  Future<Void> orStop(Future<Void> future) {
    Promise<Void> first = Promise.promise();
    future.onSuccess(first::tryComplete).onFailure(first::tryFail);
    stop.onSuccess(first::tryComplete);
    return first.future();
  }

  void print(Report report, boolean asJson) {
    out.println(asJson ? report.toJson().encode() : report.inWords());
    out.flush();
  }

  /** Blocks the command's thread, which is never one of Vert.x's, until the future completes. */
  static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(Failures.inWords(e), e.getCause());
    }
  }
}
