package dev.satchel.publisher.http;

import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.publisher.store.UserHistory;
import dev.satchel.snapshot.Section;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotDiff;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds the operator's pages. Confined to the server's event loop. */
final class Pages {
  // reloading a page again and again must not use up the account's 1,200 requests in 5 minutes
  private static final Duration HISTORY_AGE = Duration.ofSeconds(5);
  private static final int MAX_WAITING = 8;

  // a browser shows nothing at all until then
  private static final long PATIENCE_MILLIS = 1_000;
  private static final int AGAIN_SECONDS = 2;

  /** The sizes of the sections in use, as far as they are known. */
  private record Weights(long revision, List<Section> sections) {}

  private final Vertx vertx;
  private final Context context;
  private final Subject subject;
  private final About about;
  private final Service service;
  private final boolean mayWrite;

  private Future<List<HistoryEntry>> history = Future.succeededFuture(List.of());
  private Instant historyAt = Instant.MIN;
  private Weights weights = new Weights(0, List.of());
  private Future<?> last = Future.succeededFuture();
  private int waiting;
  private @Nullable UserSearch search;

  Pages(Vertx vertx, Subject subject, boolean mayWrite) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.subject = subject;
    this.about = subject.about();
    this.service = subject.service();
    this.mayWrite = mayWrite;
  }

  Future<Reply> overview() {
    return history()
        .compose(
            revisions ->
                weights(revisions)
                    .map(sections -> overview(revisions, sections, null))
                    .otherwise(failure -> overview(revisions, List.of(), words(failure))))
        .otherwise(failure -> overview(List.of(), List.of(), words(failure)));
  }

  private Reply overview(
      List<HistoryEntry> revisions, List<Section> sections, @Nullable String problem) {
    Instant now = subject.clock().instant();
    return Reply.html(
        200,
        new OverviewPage(
                about,
                subject.ledger(),
                subject.readiness(),
                revisions,
                sections,
                problem,
                subject.limitBytes(),
                mayWrite,
                now)
            .html());
  }

  Future<Reply> user(MultiMap query) {
    String userId = query.contains("id") ? query.get("id") : "";
    return history()
        .compose(
            revisions -> {
              long revision = number(query.get("revision"), inUse(revisions));
              if (userId.isEmpty() || revision == 0) {
                return Future.succeededFuture(
                    Reply.html(200, UserPage.html(about, revisions, userId, null)));
              }
              return inTurn(() -> here(service.snapshot(revision)))
                  .compose(
                      snapshot ->
                          vertx.executeBlocking(
                              () ->
                                  Reply.html(
                                      snapshot.find(userId) == Snapshot.NO_USER ? 404 : 200,
                                      UserPage.html(about, revisions, userId, snapshot))));
            })
        .otherwise(failure -> failed(UserPage.PATH, "Look up a user", failure));
  }

  /**
   * Looks through the copies for one user at a time, since that can take minutes. A request is
   * answered when the search ends, or after a moment with how far it is.
   */
  Future<Reply> userHistory(MultiMap query) {
    String userId = query.contains("id") ? query.get("id") : "";
    if (userId.isEmpty()) {
      return Future.succeededFuture(Reply.seeOther(UserPage.PATH));
    }
    return history()
        .compose(
            revisions -> {
              Optional<UserSearch> asked = search(userId);
              return asked.isPresent()
                  ? userHistory(asked.get(), revisions)
                  : Future.succeededFuture(
                      Reply.html(503, UserHistoryPage.busy(about, userId), AGAIN_SECONDS));
            })
        .otherwise(failure -> failed(UserPage.PATH, UserHistoryPage.TITLE, failure));
  }

  /** Returns the search for a user; empty while somebody waits for another one. */
  private Optional<UserSearch> search(String userId) {
    UserSearch known = search;
    if (known != null && !known.isAbandoned()) {
      if (known.isFor(userId)) {
        return Optional.of(known);
      } else if (known.isUnderWay()) {
        return Optional.empty();
      }
    }
    var made = new UserSearch(userId, subject.clock(), this::look);
    search = made;
    return Optional.of(made);
  }

  private Future<Void> look(UserHistory user, HistoryEntry revision) {
    // other requests come in between
    return queued(() -> here(service.look(user, revision)));
  }

  private Future<Reply> userHistory(UserSearch asked, List<HistoryEntry> revisions) {
    Promise<Reply> reply = Promise.promise();
    asked
        .through(revisions)
        .map(found -> Reply.html(200, UserHistoryPage.html(about, found)))
        .onSuccess(reply::tryComplete)
        .onFailure(reply::tryFail);
    vertx
        .timer(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .onSuccess(
            late ->
                reply.tryComplete(
                    Reply.html(202, UserHistoryPage.progress(about, asked), AGAIN_SECONDS)));
    return reply.future();
  }

  Future<Reply> compare(MultiMap query) {
    return history()
        .compose(
            revisions -> {
              long a = number(query.get("a"), 0);
              long b = number(query.get("b"), 0);
              if (a == 0 || b == 0) {
                return Future.succeededFuture(
                    Reply.html(200, ComparePage.html(about, revisions, Optional.empty())));
              }
              return diff(
                  a,
                  b,
                  diff -> Reply.html(200, ComparePage.html(about, revisions, Optional.of(diff))));
            })
        .otherwise(failure -> failed(ComparePage.PATH, "Compare", failure));
  }

  Future<Reply> rollback(MultiMap query) {
    if (!mayWrite) {
      return Future.succeededFuture(
          Reply.html(
              403,
              Frame.notice(
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
              HistoryEntry revision =
                  revisions.stream()
                      .filter(kept -> kept.revision() == wanted)
                      .findFirst()
                      .orElseThrow(
                          () -> new IllegalArgumentException("no revision " + wanted + " is kept"));
              if (from != 0) {
                return Future.succeededFuture(
                    Reply.html(200, RollbackPage.second(about, wanted, from)));
              }
              return diff(
                  inUse(revisions),
                  wanted,
                  diff -> Reply.html(200, RollbackPage.first(about, revision, diff)));
            })
        .otherwise(failure -> failed(RollbackPage.PATH, "Roll back", failure));
  }

  /** Rolls back; the token has been checked already. */
  Future<Reply> rollBack(MultiMap form) {
    return written(
        "Roll back",
        service.rollback(
            number(form.get("revision"), 0),
            number(form.get("from"), 0),
            form.contains("why") ? form.get("why") : ""));
  }

  Future<Reply> resume() {
    return written("Resume", service.resume());
  }

  private Future<Reply> written(String what, Future<Void> write) {
    historyAt = Instant.MIN;
    return here(write)
        .map(done -> Reply.seeOther("/"))
        .otherwise(failure -> failed(RollbackPage.PATH, what, failure))
        .onComplete(done -> historyAt = Instant.MIN);
  }

  private Reply failed(String path, String title, Throwable failure) {
    return Reply.html(
        failure instanceof BusyException ? 503 : 502,
        Frame.notice(path, title, about, words(failure)));
  }

  private static String words(Throwable failure) {
    return String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " ");
  }

  private static long inUse(List<HistoryEntry> revisions) {
    return revisions.stream()
        .filter(HistoryEntry::isInUse)
        .mapToLong(HistoryEntry::revision)
        .findFirst()
        .orElse(0);
  }

  private static long number(@Nullable String text, long otherwise) {
    return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : otherwise;
  }

  private Future<List<HistoryEntry>> history() {
    Instant now = subject.clock().instant();
    boolean isFresh =
        !historyAt.equals(Instant.MIN)
            && Duration.between(historyAt, now).abs().compareTo(HISTORY_AGE) < 0;
    if (!isFresh || history.failed()) {
      historyAt = now;
      history = here(service.history());
    }
    return history;
  }

  private Future<List<Section>> weights(List<HistoryEntry> revisions) {
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

  private Future<Reply> diff(long a, long b, Function<SnapshotDiff, Reply> page) {
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
    if (waiting >= MAX_WAITING) {
      return Future.failedFuture(new BusyException());
    }
    return queued(work);
  }

  private <T> Future<T> queued(Supplier<Future<T>> work) {
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
