package dev.satchel.publisher.http;

import dev.satchel.snapshot.Section;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotDiff;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Builds the operator's pages. Confined to the server's event loop. */
final class Pages {
  // reloading a page again and again must not use up the account's 1,200 requests in 5 minutes
  private static final Duration HISTORY_AGE = Duration.ofSeconds(5);
  private static final int MOST_WAITING = 8;

  /** The sizes of the sections in use, as far as they are known. */
  private record Weights(long revision, List<Section> sections) {}

  private final Vertx vertx;
  private final Context context;
  private final About about;
  private final Ledger ledger;
  private final Service service;
  private final UnaryOperator<Instant> redAt;
  private final long limitBytes;
  private final boolean mayWrite;
  private final InstantSource clock;

  private Future<List<Revision>> history = Future.succeededFuture(List.of());
  private Instant historyAt = Instant.MIN;
  private Weights weights = new Weights(0, List.of());
  private Future<?> last = Future.succeededFuture();
  private int waiting;

  Pages(
      Vertx vertx,
      About about,
      Ledger ledger,
      Service service,
      UnaryOperator<Instant> redAt,
      long limitBytes,
      boolean mayWrite,
      InstantSource clock) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.about = about;
    this.ledger = ledger;
    this.service = service;
    this.redAt = redAt;
    this.limitBytes = limitBytes;
    this.mayWrite = mayWrite;
    this.clock = clock;
  }

  Future<Answer> overview() {
    return history()
        .compose(
            revisions ->
                weights(revisions)
                    .map(sections -> overview(revisions, sections, null))
                    .otherwise(failure -> overview(revisions, List.of(), words(failure))))
        .otherwise(failure -> overview(List.of(), List.of(), words(failure)));
  }

  private Answer overview(
      List<Revision> revisions, List<Section> sections, @Nullable String problem) {
    Instant now = clock.instant();
    return Answer.html(
        200,
        new OverviewPage(
                about,
                ledger,
                Readiness.of(ledger, redAt, now),
                revisions,
                sections,
                problem,
                limitBytes,
                mayWrite,
                now)
            .html());
  }

  Future<Answer> user(MultiMap query) {
    String userId = query.contains("id") ? query.get("id") : "";
    return history()
        .compose(
            revisions -> {
              long revision = number(query.get("revision"), inUse(revisions));
              if (userId.isEmpty() || revision == 0) {
                return Future.succeededFuture(
                    Answer.html(200, UserPage.html(about, revisions, userId, null)));
              }
              return inTurn(() -> here(service.snapshot(revision)))
                  .compose(
                      snapshot ->
                          vertx.executeBlocking(
                              () ->
                                  Answer.html(
                                      snapshot.find(userId) == Snapshot.NO_USER ? 404 : 200,
                                      UserPage.html(about, revisions, userId, snapshot))));
            })
        .otherwise(failure -> failed(UserPage.PATH, "Look up a user", failure));
  }

  Future<Answer> compare(MultiMap query) {
    return history()
        .compose(
            revisions -> {
              long a = number(query.get("a"), 0);
              long b = number(query.get("b"), 0);
              if (a == 0 || b == 0) {
                return Future.succeededFuture(
                    Answer.html(200, ComparePage.html(about, revisions, Optional.empty())));
              }
              return diff(
                  a,
                  b,
                  diff -> Answer.html(200, ComparePage.html(about, revisions, Optional.of(diff))));
            })
        .otherwise(failure -> failed(ComparePage.PATH, "Compare", failure));
  }

  Future<Answer> rollback(MultiMap query) {
    if (!mayWrite) {
      return Future.succeededFuture(
          Answer.html(
              403,
              Layout.notice(
                  RollbackPage.PATH,
                  "Roll back",
                  about,
                  "expected SATCHEL_OPERATOR_TOKEN to be set but it is not; use satchel rollback")));
    }
    long wanted = number(query.get("revision"), 0);
    long from = number(query.get("from"), 0);
    return history()
        .compose(
            revisions -> {
              Revision revision =
                  revisions.stream()
                      .filter(kept -> kept.revision() == wanted)
                      .findFirst()
                      .orElseThrow(
                          () -> new IllegalArgumentException("no revision " + wanted + " is kept"));
              if (from != 0) {
                return Future.succeededFuture(
                    Answer.html(200, RollbackPage.second(about, wanted, from)));
              }
              return diff(
                  inUse(revisions),
                  wanted,
                  diff -> Answer.html(200, RollbackPage.first(about, revision, diff)));
            })
        .otherwise(failure -> failed(RollbackPage.PATH, "Roll back", failure));
  }

  /** Rolls back; the token has been checked already. */
  Future<Answer> rollBack(MultiMap form) {
    return written(
        "Roll back",
        service.rollback(
            number(form.get("revision"), 0),
            number(form.get("from"), 0),
            form.contains("why") ? form.get("why") : ""));
  }

  Future<Answer> resume() {
    return written("Resume", service.resume());
  }

  private Future<Answer> written(String what, Future<Void> write) {
    historyAt = Instant.MIN;
    return here(write)
        .map(done -> Answer.seeOther("/"))
        .otherwise(failure -> failed(RollbackPage.PATH, what, failure))
        .onComplete(done -> historyAt = Instant.MIN);
  }

  private Answer failed(String path, String title, Throwable failure) {
    return Answer.html(
        failure instanceof BusyException ? 503 : 502,
        Layout.notice(path, title, about, words(failure)));
  }

  private static String words(Throwable failure) {
    return String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " ");
  }

  private static long inUse(List<Revision> revisions) {
    return revisions.stream()
        .filter(Revision::isInUse)
        .mapToLong(Revision::revision)
        .findFirst()
        .orElse(0);
  }

  private static long number(@Nullable String text, long otherwise) {
    return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : otherwise;
  }

  private Future<List<Revision>> history() {
    Instant now = clock.instant();
    boolean isFresh =
        !historyAt.equals(Instant.MIN)
            && Duration.between(historyAt, now).abs().compareTo(HISTORY_AGE) < 0;
    if (!isFresh || history.failed()) {
      historyAt = now;
      history = here(service.history());
    }
    return history;
  }

  private Future<List<Section>> weights(List<Revision> revisions) {
    long revision = inUse(revisions);
    if (revision == 0 || revision == weights.revision()) {
      return Future.succeededFuture(revision == 0 ? List.of() : weights.sections());
    }
    return inTurn(() -> here(service.snapshot(revision)))
        .map(
            snapshot -> {
              weights = new Weights(revision, snapshot.sections());
              return weights.sections();
            });
  }

  private Future<Answer> diff(long a, long b, Function<SnapshotDiff, Answer> page) {
    return inTurn(
        () ->
            here(
                service
                    .snapshot(a)
                    .compose(
                        before ->
                            service
                                .snapshot(b)
                                .compose(
                                    after ->
                                        vertx.executeBlocking(
                                            () ->
                                                page.apply(
                                                    SnapshotDiff.between(before, after)))))));
  }

  /** Completes on the event loop to which this is confined. */
  private <T> Future<T> here(Future<T> elsewhere) {
    return Future.future(
        done -> elsewhere.onComplete(ended -> context.runOnContext(go -> done.handle(ended))));
  }

  /** Does the work one piece at a time, since each can take tens of megabytes. */
  private <T> Future<T> inTurn(Supplier<Future<T>> work) {
    if (waiting >= MOST_WAITING) {
      return Future.failedFuture(new BusyException());
    }
    waiting++;
    Future<T> done = last.transform(before -> work.get());
    last = done;
    return done.onComplete(ended -> waiting--);
  }

  /** Thrown when too many requests come at once. */
  private static final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BusyException() {
      super("busy with other requests; try again in a moment");
    }
  }
}
