package dev.satchel.publisher.source;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One read of all users over one connection, which it closes.
 *
 * <p>The user's query stands inside ours, {@code SELECT … FROM (query) AS q(c0, c1, …)}, so that
 * each column can be selected in a form that loses nothing. A batch is handed over on a worker
 * thread while the next one is on its way; its size depends on the width of the rows.
 */
final class UserRead {
  /*
   * Settings of the transaction and not of the session, which may be a pool's. Fewer digits, as a
   * role may prefer them, would round what PostgreSQL writes as text.
   */
  private static final String BEGIN =
      "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL extra_float_digits = 3;"
          + " SET LOCAL row_security = ";
  private static final String IS_REPLICA = "SELECT pg_catalog.pg_is_in_recovery()";

  /*
   * The time since the last replayed transaction grows on a replica whose primary is idle. So it
   * counts only while the replica has not caught up: when it has not replayed everything it
   * received, or receives nothing because the stream from the primary is cut.
   */
  private static final String LAG =
      """
      SELECT CASE WHEN pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn()
                       AND EXISTS (SELECT FROM pg_catalog.pg_stat_wal_receiver)
                  THEN 0
                  ELSE extract(epoch FROM clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp())
             END::float8 AS seconds
      """;
  private static final String DESCRIBE = "SELECT * FROM (";

  private static final int FIRST_BATCH_ROWS = 64;
  private static final int MAX_BATCH_ROWS = 65_536;
  private static final int BATCH_BYTES = 1 << 20;

  private final Vertx vertx;
  private final PgConnection connection;
  private final SourceFailures failures;
  private final DatabaseSettings settings;
  private final String query;
  private final Duration stallTimeout;
  private final RowSecurity rowSecurity;
  private final UserSink sink;
  private final Promise<Void> allRead = Promise.promise();

  // set before the first batch, and then by one batch after the other
  private int width;
  private List<Column> columns = List.of();
  private volatile boolean isLost;
  private volatile long users;
  private int batchRows = FIRST_BATCH_ROWS;

  UserRead(
      Vertx vertx,
      PgConnection connection,
      DatabaseSettings settings,
      String query,
      Duration stallTimeout,
      RowSecurity rowSecurity,
      UserSink sink) {
    this.vertx = vertx;
    this.connection = connection;
    this.settings = settings;
    this.failures = new SourceFailures(settings);
    this.query = query;
    this.stallTimeout = stallTimeout;
    this.rowSecurity = rowSecurity;
    this.sink = sink;
  }

  Future<Void> run(@Nullable LagCheck lagCheck) {
    connection.closeHandler(closed -> isLost = true);
    return checkLag(lagCheck)
        .compose(checked -> answer(BEGIN + rowSecurity.setting()))
        .compose(begun -> parse())
        .compose(parsed -> describe())
        .compose(described -> stream())
        .compose(streamed -> answer("COMMIT"))
        .<Void>mapEmpty()
        .onComplete(done -> connection.close());
  }

  /**
   * Checks the lag before the transaction begins: the transaction can only see newer data, and an
   * error here does not abort it.
   */
  private Future<Void> checkLag(@Nullable LagCheck check) {
    return check == null
        ? Future.succeededFuture()
        : answer(IS_REPLICA)
            .compose(
                rows ->
                    rows.iterator().next().getBoolean(0)
                        ? lag().map(lag -> tell(check, lag))
                        : Future.succeededFuture());
  }

  private Future<Row> lag() {
    return intime(connection.query(LAG).execute())
        .map(rows -> rows.iterator().next())
        .recover(
            failure ->
                failure instanceof PgException refusal
                    ? Future.failedFuture(
                        new SourceException(
                            "cannot tell how far the replica %s is behind its primary: %s; SATCHEL_MAX_SOURCE_LAG=off skips the check"
                                .formatted(settings.address(), refusal.getErrorMessage()),
                            failure))
                    : failed(failure));
  }

  private @Nullable Void tell(LagCheck check, Row lag) {
    Double seconds = lag.getDouble("seconds");
    check.check(
        settings.address(), seconds == null ? null : Duration.ofMillis((long) (1000 * seconds)));
    return null;
  }

  /**
   * Lets PostgreSQL check the query as the user wrote it, so that its positions and messages are
   * right.
   */
  private Future<Void> parse() {
    return intime(connection.prepare(query))
        .compose(statement -> intime(statement.close()))
        .recover(failure -> failed(failure, query, 0));
  }

  private Future<Void> describe() {
    String described = DESCRIBE + query + "\n) AS q LIMIT 0";
    return intime(connection.query(described).execute())
        .recover(
            failure ->
                failure instanceof PgException refusal && "42601".equals(refusal.getSqlState())
                    ? Future.failedFuture(
                        new SourceException(
                            "expected SATCHEL_QUERY to be a SELECT but PostgreSQL cannot read rows"
                                + " from it: "
                                + refusal.getErrorMessage(),
                            failure))
                    : failed(failure, described, DESCRIBE.length()))
        .compose(rows -> choose(rows.columnsNames()));
  }

  private Future<Void> choose(List<String> names) {
    return vertx
        .executeBlocking(() -> chosen(names))
        .compose(
            numbers -> answer(typesOf(numbers)).compose(types -> describe(names, numbers, types)));
  }

  /**
   * Returns the numbers of the columns to read: the user id, and the fields that the sink wants.
   */
  private List<Integer> chosen(List<String> names) {
    if (names.isEmpty()) {
      throw new SourceException(
          "expected SATCHEL_QUERY to return the user id and fields but it returns no column");
    }
    width = names.size();
    Set<String> wanted = new HashSet<>(sink.chosen(names.subList(1, width)));
    List<Integer> numbers = new ArrayList<>(List.of(0));
    Set<String> seen = new HashSet<>();
    for (int number = 1; number < width; number++) {
      String name = names.get(number);
      if (wanted.contains(name)) {
        if (!seen.add(name)) {
          throw new SourceException(
              "SATCHEL_QUERY returns two fields named " + name + "; name one of them with AS");
        }
        numbers.add(number);
      }
    }
    return numbers;
  }

  /**
   * Returns SQL that tells the types of columns. The join makes one row of nulls and never runs the
   * query; pg_typeof knows their types. A type of the user's own may have the name of one of
   * PostgreSQL's, and a cast to json, which to_json then uses. The query may read tables of any
   * name, so what we name with WITH has a name that no table has.
   */
  private String typesOf(List<Integer> numbers) {
    String oids =
        numbers.stream()
            .map(number -> "pg_catalog.pg_typeof(q." + Column.alias(number) + ")::pg_catalog.oid")
            .collect(Collectors.joining(", "));
    return """
        WITH RECURSIVE "satchel: types" AS (
          SELECT n, oid, oid AS base
          FROM (SELECT) AS one LEFT JOIN %s ON false,
               pg_catalog.unnest(ARRAY[%s]) WITH ORDINALITY AS types(oid, n)
          UNION ALL
          SELECT n, chain.oid, t.typbasetype
          FROM "satchel: types" AS chain JOIN pg_catalog.pg_type t ON t.oid = chain.base AND t.typtype = 'd')
        SELECT pg_catalog.format_type(chain.oid, NULL) AS type_name,
               CASE WHEN t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace THEN t.typname::text
                    WHEN EXISTS (SELECT FROM pg_catalog.pg_cast c
                                 WHERE c.castsource = t.oid AND c.castfunc <> 0
                                       AND c.casttarget = 'pg_catalog.json'::pg_catalog.regtype)
                    THEN '%s'
                    WHEN t.typtype = 'e' THEN '%s'
                    WHEN t.typtype = 'b' AND t.typname = 'citext' THEN 'citext'
                    ELSE '%s' END AS known_as
        FROM "satchel: types" AS chain
             JOIN pg_catalog.pg_type t ON t.oid = chain.base AND t.typtype <> 'd'
        ORDER BY n
        """
        .formatted(from(), oids, ColumnType.OTHER, ColumnType.ENUM, ColumnType.OTHER);
  }

  private Future<Void> describe(List<String> names, List<Integer> numbers, RowSet<Row> types) {
    List<Column> found = new ArrayList<>();
    for (Row row : types) {
      int number = numbers.get(found.size());
      ColumnType type = ColumnType.of(row.getString("known_as"));
      String name = names.get(number);
      found.add(
          new Column(
              number,
              name,
              number == 0 ? userIdType(name, type, row.getString("type_name")) : type));
    }
    columns = found;
    return Future.succeededFuture();
  }

  private static ColumnType userIdType(String name, ColumnType type, String typeName) {
    ColumnType selected = type.asUserId();
    if (selected == null) {
      throw new SourceException(
          "the user id, column "
              + name
              + " of SATCHEL_QUERY, has type "
              + typeName
              + "; expected uuid, smallint, integer, bigint, text, varchar or char");
    }
    return selected;
  }

  private Future<Void> stream() {
    return vertx
        .executeBlocking(
            () -> {
              sink.fields(fields());
              return null;
            })
        .compose(told -> intime(connection.prepare(select())))
        .recover(this::failed)
        .compose(
            statement -> {
              Cursor cursor = statement.cursor();
              var rows = new UserRows(columns, sink);
              handOver(cursor, RowTap.of(connection), batch(cursor), new RowBatch(), rows);
              // a pool may give the session to others, who use the same name for a statement
              return allRead.future().compose(read -> intime(statement.close()));
            });
  }

  /**
   * Hands over a batch once it is there, while the next one is on its way, and so on until the end.
   *
   * @param empty takes the rows of the next batch
   */
  private void handOver(Cursor cursor, RowTap tap, Future<?> batch, RowBatch empty, UserRows rows) {
    batch.onComplete(
        arrived -> {
          RowBatch full = tap.exchange(empty);
          batchRows = rowsAfter(full);
          Future<?> next = cursor.hasMore() ? batch(cursor) : null;
          vertx
              .executeBlocking(
                  () -> {
                    rows.handOver(full);
                    users = rows.users();
                    full.clear();
                    return full;
                  })
              .onComplete(
                  emptied -> {
                    if (next == null) {
                      allRead.complete();
                    } else {
                      handOver(cursor, tap, next, emptied, rows);
                    }
                  },
                  allRead::fail);
        },
        allRead::fail);
  }

  /** Returns how many rows to ask for after a batch, so that they have about a mebibyte. */
  private int rowsAfter(RowBatch batch) {
    long bytes = batch.bytes();
    if (bytes > BATCH_BYTES) {
      return Math.max(1, (int) (batch.rows() * (long) BATCH_BYTES / bytes));
    }
    return bytes < BATCH_BYTES / 2 ? Math.min(MAX_BATCH_ROWS, batchRows * 2) : batchRows;
  }

  private Future<RowSet<Row>> batch(Cursor cursor) {
    return intime(cursor.read(batchRows)).recover(this::failed);
  }

  private Future<RowSet<Row>> answer(String sql) {
    return intime(connection.query(sql).execute()).recover(this::failed);
  }

  /** Limits the wait for the database's next message, and cancels the query if none comes. */
  private <T> Future<T> intime(Future<T> work) {
    return Deadline.within(vertx, stallTimeout, work, late -> {})
        .recover(
            failure -> {
              if (!(failure instanceof TimeoutException)) {
                return Future.failedFuture(failure);
              }
              connection
                  .cancelRequest(); // best effort: otherwise one that waits for a lock stays in the
              // queue
              return Future.failedFuture(
                  new SourceException(
                      "PostgreSQL at "
                          + settings.address()
                          + " stalled: nothing for "
                          + seconds(stallTimeout)
                          + " after "
                          + users
                          + " users; check for locks on the table, or raise"
                          + " SATCHEL_STALL_TIMEOUT for a slow query"));
            });
  }

  private <T> Future<T> failed(Throwable failure) {
    return failed(failure, null, 0);
  }

  private <T> Future<T> failed(Throwable failure, @Nullable String sql, int prefixLength) {
    boolean isSilent = isLost && !(failure instanceof PgException);
    return Future.failedFuture(
        isSilent
            ? failures.broken(failure, users)
            : failures.reading(failure, users, sql, prefixLength));
  }

  private List<String> fields() {
    return columns.stream().skip(1).map(Column::name).toList();
  }

  private String select() {
    return columns.stream()
        .map(Column::select)
        .collect(Collectors.joining(", ", "SELECT ", " FROM " + from()));
  }

  private String from() {
    return IntStream.range(0, width)
        .mapToObj(Column::alias)
        .collect(Collectors.joining(", ", "(" + query + "\n) AS q(", ")"));
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }
}
