package dev.satchel.publisher.source;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.TimeUnit;

/** Notices a pool between us and the server before anything is set in a session. */
public final class Pool {
  private static final String PROCESS = "SELECT pg_catalog.pg_backend_pid()";
  private static final int ROUNDS = 3;
  private static final long ANSWER_SECONDS = 5;

  private Pool() {}

  /**
   * Returns whether a pool stands between the connection and the server: a pool tells each client a
   * process of its own invention.
   */
  public static Future<Boolean> isBefore(PgConnection connection) {
    return process(connection).map(process -> process != connection.processId());
  }

  /**
   * Returns whether a pool gives the connection's session to others between two transactions.
   *
   * <p>This compares the processes that serve the connection and another one, several times. In
   * session mode each keeps its own. Otherwise the second one gets what the first one has just
   * given back, unless others are faster each time.
   */
  public static Future<Boolean> sharesSessions(
      Vertx vertx, DatabaseSettings settings, PgConnection connection) {
    return isBefore(connection)
        .compose(
            isPool ->
                isPool
                    ? settings
                        .connect(vertx)
                        .compose(
                            other ->
                                process(connection)
                                    .compose(first -> differ(connection, other, first, ROUNDS))
                                    .onComplete(asked -> other.close()))
                    : Future.succeededFuture(false));
  }

  private static Future<Boolean> differ(
      PgConnection connection, PgConnection other, int first, int rounds) {
    return process(other)
        .compose(
            theirs ->
                process(connection)
                    .compose(
                        ours ->
                            theirs == first || ours != first
                                ? Future.succeededFuture(true)
                                : rounds == 1
                                    ? Future.succeededFuture(false)
                                    : differ(connection, other, first, rounds - 1)));
  }

  private static Future<Integer> process(PgConnection connection) {
    return connection
        .query(PROCESS)
        .execute()
        .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
        .map(rows -> rows.iterator().next().getInteger(0));
  }
}
