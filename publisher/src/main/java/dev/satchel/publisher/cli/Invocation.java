package dev.satchel.publisher.cli;

import dev.satchel.publisher.text.Report;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.PrintStream;
import java.util.Map;

/**
 * The process as a command sees it.
 *
 * @param out for facts only
 * @param err for progress and failures
 * @param terminal whether a person watches {@code err}
 * @param stop completes when the process is told to stop
 */
public record Invocation(
    Map<String, String> env,
    PrintStream out,
    PrintStream err,
    boolean terminal,
    Future<Void> stop) {

  /**
   * Returns a future that completes as the given one does, or succeeds when the process is told to
   * stop.
   */
  Future<Void> orStop(Future<Void> future) {
    Promise<Void> first = Promise.promise();
    future.onSuccess(first::tryComplete).onFailure(first::tryFail);
    stop.onSuccess(first::tryComplete);
    return first.future();
  }

  /**
   * Returns whether a person watches {@code err}, where nothing but JSON belongs if the log is
   * JSON.
   */
  boolean showsProgress() {
    return terminal && !LogSettings.isJson(env);
  }

  void print(Report report, boolean asJson) {
    out.println(asJson ? report.toJson().encode() : report.inWords());
    out.flush();
  }
}
