package dev.satchel.publisher.cli;

import dev.satchel.publisher.text.Report;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The process as a command sees it.
 *
 * @param out for facts only
 * @param err for progress and failures
 * @param terminal where a person reads both
 * @param told completes when the process is told to stop
 */
public record Invocation(
    Map<String, String> env,
    PrintStream out,
    PrintStream err,
    Terminal terminal,
    CompletableFuture<Void> told) {

  /** Returns a future that completes when the process is told to stop. */
  Future<Void> stop() {
    return Future.fromCompletionStage(told);
  }

  /**
   * Returns a future that completes as the given one does, or succeeds when the process is told to
   * stop.
   */
  Future<Void> orStop(Future<Void> future) {
    Promise<Void> first = Promise.promise();
    future.onSuccess(first::tryComplete).onFailure(first::tryFail);
    stop().onSuccess(first::tryComplete);
    return first.future();
  }

  /**
   * Returns whether a person watches {@code err}, where nothing but JSON belongs if the log is
   * JSON.
   */
  boolean showsProgress() {
    return terminal.showsErrors() && !LogSettings.isJson(env);
  }

  void print(Report report, boolean asJson) {
    out.println(asJson ? report.toJson().encode() : report.inWords());
    out.flush();
  }
}
