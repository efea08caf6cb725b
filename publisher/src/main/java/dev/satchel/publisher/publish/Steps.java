package dev.satchel.publisher.publish;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/** Takes one step after another, however many, without a stack frame for each. */
final class Steps {
  private Steps() {}

  /**
   * Takes steps until one says that there is no more.
   *
   * @param step completes with whether there is more
   */
  static Future<Void> whileThereIsMore(Supplier<Future<Boolean>> step) {
    Promise<Void> end = Promise.promise();
    next(step, end);
    return end.future();
  }

  private static void next(Supplier<Future<Boolean>> step, Promise<Void> end) {
    Future<Boolean> taken;
    try {
      taken = step.get();
    } catch (RuntimeException e) {
      end.fail(e);
      return;
    }
    taken
        .onFailure(end::fail)
        .onSuccess(
            more -> {
              if (more) {
                next(step, end);
              } else {
                end.complete();
              }
            });
  }
}
