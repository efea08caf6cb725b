package dev.satchel.publisher.lock;

import dev.satchel.kv.Digests;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.source.Pool;
import dev.satchel.publisher.text.FailureText;
import dev.satchel.publisher.text.HostName;
import dev.satchel.publisher.text.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write one key, which only one publisher of a database has at a time. A session of
 * PostgreSQL holds it, and it is gone when that session ends, however it ends. Its methods must be
 * called one after another, except {@link #close}, which may be called at any time.
 */
public final class WriterLock {
  /*
   * This is an advisory lock of the session, so it needs no table and no privilege. It excludes
   * publishers of the same database only.
   *
   * A pool may give the session to others after each transaction. So behind a pool, the lock and
   * all that is set belong to a transaction, which is open for as long as the lock is held. It has
   * no snapshot between its statements, so it does not hold up VACUUM.
   *
   * A killed process ends its session at once. If a machine vanishes, the server's keepalives
   * notice that after about eight seconds.
   */
  private static final Logger LOG = LoggerFactory.getLogger(WriterLock.class);
  private static final long RETRY_MILLIS = 1_000;
  private static final long ANSWER_SECONDS = 5;
  private static final int MAX_NAME_BYTES = 63; // limit of an application_name

  /** The settings that the server knows, each until the session or the transaction ends. */
  private static final String SET =
      """
      SELECT set_config(s.name, s.value, %1$s)
      FROM (VALUES ('application_name', '%2$s'),
                   ('tcp_keepalives_idle', '5'),
                   ('tcp_keepalives_interval', '1'),
                   ('tcp_keepalives_count', '3'),
                   ('idle_session_timeout', '0'),
                   ('idle_in_transaction_session_timeout', '0'),
                   ('transaction_timeout', '0'),
                   ('statement_timeout', '5s')) AS s(name, value)
      JOIN pg_catalog.pg_settings USING (name)
      """;

  private static final String BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY";
  private static final String IS_OURS =
      """
      l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
        AND ((l.classid::bigint << 32) | l.objid::bigint) = $1
        AND l.database = (SELECT oid FROM pg_catalog.pg_database
                          WHERE datname = current_database())
      """;
  private static final String NOW =
      "floor(extract(epoch FROM pg_catalog.clock_timestamp()) * 1000)::bigint AS now";
  private static final String TAKE = "SELECT pg_catalog.pg_try_advisory_lock($1) AS taken, " + NOW;
  private static final String TAKE_IN_TRANSACTION =
      "SELECT pg_catalog.pg_try_advisory_xact_lock($1) AS taken, " + NOW;
  private static final String HELD =
      "SELECT count(*) AS held FROM pg_catalog.pg_locks l WHERE l.pid = pg_backend_pid() AND "
          + IS_OURS;
  private static final String HOLDER =
      """
      SELECT l.pid, a.application_name,
             to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
      FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a USING (pid)
      WHERE\s"""
          + IS_OURS;

  private final InstantSource local;
  private final Vertx vertx;
  private final DatabaseSettings database;
  private final String key;
  private final long number;
  private volatile @Nullable PgConnection session;
  private volatile boolean isBehindPool;
  private volatile boolean isHeld;
  private volatile boolean isClosed;
  private volatile long aheadMillis;
  private String told = "";

  /**
   * Creates a lock that is not held yet.
   *
   * @param namespace tells apart keys of the same name in different places
   */
  public WriterLock(Vertx vertx, DatabaseSettings database, String namespace, String key) {
    this(vertx, database, namespace, key, InstantSource.system());
  }

  /**
   * Creates the same lock on a machine with a clock of its own.
   *
   * @param local may be wrong
   */
  public WriterLock(
      Vertx vertx, DatabaseSettings database, String namespace, String key, InstantSource local) {
    this.local = local;
    this.vertx = vertx;
    this.database = database;
    this.key = key;
    this.number = number(namespace, key);
  }

  /** Returns the number of the advisory lock. */
  public static long number(String namespace, String key) {
    byte[] named = ("satchel\n" + namespace + "\n" + key).getBytes(StandardCharsets.UTF_8);
    return Long.parseUnsignedLong(Digests.sha256(named), 0, Long.BYTES * 2, 16);
  }

  /**
   * Takes the lock, unless it is already held.
   *
   * @return fails with a {@link RefusedException} that names the other holder, or with what the
   *     database says
   */
  Future<Void> take() {
    if (isHeld) {
      return confirm()
          .recover(
              lost -> {
                LOG.warn("{}; taking it again", FailureText.inWords(lost));
                return take();
              });
    }
    return session()
        .compose(
            open ->
                begun(open)
                    .compose(
                        begun ->
                            answer(
                                open.preparedQuery(isBehindPool ? TAKE_IN_TRANSACTION : TAKE)
                                    .execute(Tuple.of(number))))
                    .compose(
                        rows -> {
                          aheadMillis = rows.iterator().next().getLong("now") - local.millis();
                          if (!rows.iterator().next().getBoolean("taken")) {
                            return heldByAnother(open);
                          }
                          isHeld = session == open;
                          return isHeld ? Future.succeededFuture() : Future.failedFuture(lost());
                        }))
        .onFailure(
            failure -> {
              if (!(failure instanceof RefusedException)) {
                dropSession();
              }
            });
  }

  /**
   * Takes the lock as soon as its holder releases it. Asks every second, and logs once whom it
   * waits for. Fails when the gate is closed or the database cannot be asked.
   *
   * @param waiting is told each time that somebody else holds the lock, and who
   */
  public Future<Void> takeInTurn(WriteGate gate, Consumer<String> waiting) {
    return take()
        .onSuccess(
            taken -> {
              if (!told.isEmpty()) {
                LOG.info("the other publisher of {} is gone; this one publishes now", key);
                told = "";
              }
            })
        .recover(
            failure -> {
              if (!(failure instanceof RefusedException)) {
                return Future.failedFuture(failure);
              }
              String why = String.valueOf(failure.getMessage());
              waiting.accept(why);
              if (!told.equals(why)) {
                told = why;
                LOG.info("waiting: {}", told);
              }
              return vertx
                  .timer(RETRY_MILLIS, TimeUnit.MILLISECONDS)
                  .compose(
                      later -> {
                        gate.check();
                        return takeInTurn(gate, waiting);
                      });
            });
  }

  /** Releases the lock for others that wait for it, and keeps the session. Never fails. */
  Future<Void> release() {
    PgConnection open = session;
    if (open == null || !isHeld) {
      return Future.succeededFuture();
    }
    isHeld = false;
    return (isBehindPool
            ? ended(open)
            : answer(
                open.preparedQuery("SELECT pg_catalog.pg_advisory_unlock($1)")
                    .execute(Tuple.of(number))))
        .<Void>mapEmpty()
        .recover(
            failure -> {
              dropSession(); // which also releases the lock
              return Future.succeededFuture();
            });
  }

  /**
   * Returns the database's time of day when the lock was last taken. All publishers of a key share
   * it, so that revisions grow from one publisher to the next even if their own clocks differ.
   */
  public Instant databaseTime() {
    return local.instant().plusMillis(aheadMillis);
  }

  /**
   * Asks the database whether the lock is still held; fails if it is not, or if no answer comes.
   */
  public Future<Void> confirm() {
    PgConnection open = session;
    if (open == null || !isHeld) {
      return Future.failedFuture(lost());
    }
    return answer(open.preparedQuery(HELD).execute(Tuple.of(number)))
        .transform(
            (rows, failure) -> {
              if (rows != null && rows.iterator().next().getLong("held") == 1) {
                return Future.<Void>succeededFuture();
              }
              dropSession();
              return Future.failedFuture(lost());
            });
  }

  /** Releases the lock and ends the session. */
  public Future<Void> close() {
    isClosed = true;
    PgConnection open = session;
    isHeld = false;
    session = null;
    return open == null ? Future.succeededFuture() : open.close().otherwiseEmpty();
  }

  private RefusedException lost() {
    return new RefusedException(
        "expected to be the publisher of %s but the session at %s that held its lock is gone"
            .formatted(key, database));
  }

  private Future<PgConnection> session() {
    PgConnection open = session;
    if (open != null) {
      return Future.succeededFuture(open);
    }
    return database
        .connect(vertx)
        .compose(
            fresh -> {
              fresh.closeHandler(gone -> forget(fresh));
              if (isClosed) {
                return fresh.close().compose(done -> Future.failedFuture(new StoppedException()));
              }
              session = fresh;
              return answer(Pool.isBefore(fresh))
                  .compose(
                      isPool -> {
                        isBehindPool = isPool;
                        return isPool ? Future.succeededFuture() : set(fresh, false);
                      })
                  .map(fresh);
            });
  }

  /** Begins the transaction that the lock belongs to, if it belongs to one. */
  private Future<?> begun(PgConnection open) {
    return isBehindPool
        ? answer(open.query(BEGIN).execute()).compose(begun -> set(open, true))
        : Future.succeededFuture();
  }

  private Future<?> ended(PgConnection open) {
    return isBehindPool ? answer(open.query("COMMIT").execute()) : Future.succeededFuture();
  }

  private static Future<?> set(PgConnection open, boolean untilTransactionEnds) {
    String name = HostName.cut("satchel on ", MAX_NAME_BYTES).replace("'", "''");
    return answer(open.query(SET.formatted(untilTransactionEnds, name)).execute());
  }

  private synchronized void forget(PgConnection gone) {
    if (session == gone) {
      session = null;
      isHeld = false;
    }
  }

  private void dropSession() {
    PgConnection open = session;
    if (open != null) {
      forget(open);
      open.close();
    }
  }

  private Future<Void> heldByAnother(PgConnection open) {
    return answer(open.preparedQuery(HOLDER).execute(Tuple.of(number)))
        .compose(
            rows -> {
              String holder = "a session that just ended";
              for (Row row : rows) {
                String name = row.getString("application_name");
                holder =
                    "%s (session %d, since %s)"
                        .formatted(
                            name == null || name.isBlank() ? "another session" : name,
                            row.getInteger("pid"),
                            row.getString("since"));
              }
              String found = holder;
              return ended(open)
                  .compose(
                      ended ->
                          Future.failedFuture(
                              new RefusedException(
                                  "expected to be the only publisher of %s but found %s"
                                      .formatted(key, found))));
            });
  }

  private static <T> Future<T> answer(Future<T> asked) {
    return asked.timeout(ANSWER_SECONDS, TimeUnit.SECONDS);
  }
}
