package dev.satchel.publisher.source;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.List;

/** One search for the first host that can be used, as libpq does it. */
final class HostSearch {
  private static final String STARTING_OR_STOPPING = "57P03";

  private final Vertx vertx;
  private final DatabaseSettings settings;
  private final List<SourceException> failures = new ArrayList<>();

  HostSearch(Vertx vertx, DatabaseSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
  }

  Future<PgConnection> connect() {
    TargetSession target = settings.targetSession();
    return target == TargetSession.PREFER_STANDBY
        ? next(0, target).recover(none -> next(0, TargetSession.ANY))
        : next(0, target);
  }

  private Future<PgConnection> next(int at, TargetSession target) {
    if (at == settings.hosts().size()) {
      return Future.failedFuture(SourceFailures.all(failures, settings));
    }
    DatabaseHost host = settings.hosts().get(at);
    return Deadline.within(
            vertx,
            settings.connectTimeout(),
            settings.connect(vertx, host).compose(open -> chosen(host, open, target)),
            PgConnection::close)
        .recover(
            failure -> {
              SourceException told = new SourceFailures(settings).connecting(failure, host);
              failures.add(told);
              return endsTheSearch(failure) ? Future.failedFuture(told) : next(at + 1, target);
            });
  }

  /** Returns whether the server is there but refuses us, which others would do as well. */
  private static boolean endsTheSearch(Throwable failure) {
    return failure instanceof PgException refusal
        && !STARTING_OR_STOPPING.equals(refusal.getSqlState());
  }

  private Future<PgConnection> chosen(DatabaseHost host, PgConnection open, TargetSession target) {
    return target
        .fits(open)
        .compose(
            fits ->
                fits
                    ? Future.succeededFuture(open)
                    : Future.failedFuture(
                        new SourceException(
                            "expected %s at %s, for target_session_attrs=%s of %s, but found another"
                                .formatted(
                                    target.wanted(),
                                    host,
                                    target.spelling(),
                                    settings.variable()))))
        .onFailure(unfit -> open.close());
  }
}
