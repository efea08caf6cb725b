package dev.satchel.publisher.source;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Limits how long to wait. */
final class Deadline {
  private Deadline() {}

  /**
   * Returns the result of {@code work}, or a {@link TimeoutException} once {@code limit} is over; a
   * later result goes to {@code late}.
   */
  static <T> Future<T> within(
      Vertx vertx, Duration limit, Future<T> work, Consumer<? super T> late) {
    Promise<T> answer = Promise.promise();
    long timer =
        vertx.setTimer(limit.toMillis(), id -> answer.tryFail(new TimeoutException("no answer")));
    work.onComplete(
        value -> {
          vertx.cancelTimer(timer);
          if (!answer.tryComplete(value)) {
            late.accept(value);
          }
        },
        failure -> {
          vertx.cancelTimer(timer);
          answer.tryFail(failure);
        });
    return answer.future();
  }
}
