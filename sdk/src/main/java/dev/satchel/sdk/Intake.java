package dev.satchel.sdk;

import dev.satchel.sdk.Admission.Held;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings in what is new: asks the source, fetches, and has it checked and opened. Remembers what
 * can never be used, and does not fetch that again. Confined to one Vert.x context; copying,
 * hashing and opening run on worker threads.
 */
final class Intake {
  private final Context context;
  private final SnapshotSource source;
  private final Duration callTimeout;
  private final Admission admission;
  private final RequestBudget budget;
  private final BooleanSupplier closed;
  private @Nullable Announcement unusable;
  private @Nullable String unusableReason;

  Intake(
      Context context,
      SnapshotSource source,
      Duration callTimeout,
      Admission admission,
      RequestBudget budget,
      BooleanSupplier closed) {
    this.context = context;
    this.source = source;
    this.callTimeout = callTimeout;
    this.admission = admission;
    this.budget = budget;
    this.closed = closed;
  }

  /** A view to swap to, and the value it was opened from. */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared; a copy is 25 MiB
  record Fetched(Held held, byte[] value) {}

  static IllegalStateException closedException() {
    return new IllegalStateException("the client is closed");
  }

  /** What is new, or empty if what is held is what is announced. */
  Future<Optional<Fetched>> next(Held held) {
    return within("the announcement", source.announcement())
        .compose(
            announced -> {
              if (announced.isEmpty()) {
                throw new RefusedException("nothing is published under " + source);
              }
              Announcement next = announced.get();
              if (next.tag().equals(held.tag()) || held.sha256().equals(next.sha256())) {
                budget.giveBack(1);
                return Future.succeededFuture(Optional.empty());
              } else if (next.equals(unusable)) {
                throw new RefusedException(String.valueOf(unusableReason));
              }
              admission.check(next, held);
              return fetch(next, held);
            });
  }

  private Future<Optional<Fetched>> fetch(Announcement next, Held held) {
    return within("the value", source.value(next))
        .compose(
            found -> {
              if (found.isEmpty()) {
                throw new RefusedException("%s is announced but has no value".formatted(source));
              }
              return copied(found.get());
            })
        .compose(
            value ->
                context.executeBlocking(
                    () -> Optional.of(new Fetched(admission.open(next, value, held), value)),
                    false))
        .onSuccess(opened -> unusable = null)
        .onFailure(failure -> rememberIfLasting(next, failure));
  }

  /** A stage of its own, so that nothing holds the buffer while its copy is opened. */
  private Future<byte[]> copied(Buffer value) {
    return context.executeBlocking(value::getBytes, false);
  }

  /** The outcome of a call, on the loop's context, or a failure once it has taken too long. */
  <T> Future<T> within(String what, Future<T> call) {
    long millis = callTimeout.toMillis();
    Promise<T> outcome = Promise.promise();
    call.timeout(millis, TimeUnit.MILLISECONDS)
        .onComplete(
            (result, failure) -> {
              Throwable reason =
                  failure instanceof TimeoutException
                      ? new RefusedException(
                          "expected %s of %s within %d ms but nothing came"
                              .formatted(what, source, millis))
                      : failure;
              if (closed.getAsBoolean()) {
                outcome.tryFail(closedException()); // the context may have ended with its Vert.x
              } else {
                context.runOnContext(
                    go ->
                        // whoever has closed meanwhile must not be led to ask for more
                        outcome.complete(
                            result, closed.getAsBoolean() ? closedException() : reason));
              }
            });
    return outcome.future();
  }

  private void rememberIfLasting(Announcement announced, Throwable failure) {
    if (failure instanceof RefusedException refused && refused.isLasting()) {
      unusable = announced;
      unusableReason = refused.getMessage();
    }
  }
}
