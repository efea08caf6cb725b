package dev.satchel.publisher.source;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.io.IOException;
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
  private static final String BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

  // a role or a server may have set fewer digits
  private static final String ALL_DIGITS = "SET LOCAL extra_float_digits = 3";
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
  // bounds the memory of a batch of short rows; wide rows are bounded by their characters
  private static final int MAX_BATCH_ROWS = 8_192;
  private static final long BATCH_CHARS = 1L << 20;

  private final Vertx vertx;
  private final PgConnection connection;
  private final SourceFailures failures;
  private final DatabaseSettings settings;
  private final String query;
  private final Duration stallTimeout;
  private final UserSink sink;
  private final Promise<Void> allRead = Promise.promise();

  // set before the first batch, and then by one batch after the other
  private List<Column> columns = List.of();
  private @Nullable Object[] values = new @Nullable Object[0];
  private volatile boolean isLost;
  private volatile long users;
  private volatile int batchRows = FIRST_BATCH_ROWS;

  UserRead(
      Vertx vertx,
      PgConnection connection,
      DatabaseSettings settings,
      String query,
      Duration stallTimeout,
      UserSink sink) {
    this.vertx = vertx;
    this.connection = connection;
    this.settings = settings;
    this.failures = new SourceFailures(settings);
    this.query = query;
    this.stallTimeout = stallTimeout;
    this.sink = sink;
  }

  Future<Void> run(@Nullable LagCheck lagCheck) {
    connection.closeHandler(closed -> isLost = true);
    return checkLag(lagCheck)
        .compose(checked -> answer(BEGIN))
        .compose(begun -> answer(ALL_DIGITS))
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
        .compose(rows -> types(checkedNames(rows.columnsNames())));
  }

  private Future<Void> types(List<String> names) {
    String oids =
        IntStream.range(0, names.size())
            .mapToObj(i -> "pg_typeof(q.c" + i + ")::oid")
            .collect(Collectors.joining(", "));
    // The join makes one row of nulls and never runs the query; pg_typeof knows their types.
    return answer(
            """
            WITH RECURSIVE chain AS (
              SELECT n, oid, oid AS base
              FROM (SELECT) AS one LEFT JOIN %s ON false,
                   unnest(ARRAY[%s]) WITH ORDINALITY AS types(oid, n)
              UNION ALL
              SELECT n, chain.oid, t.typbasetype
              FROM chain JOIN pg_catalog.pg_type t ON t.oid = chain.base AND t.typtype = 'd')
            SELECT n, format_type(chain.oid, NULL) AS type_name, t.typname::text AS base_name,
                   t.typtype = 'e' AS is_enum
            FROM chain JOIN pg_catalog.pg_type t ON t.oid = chain.base AND t.typtype <> 'd'
            ORDER BY n
            """
                .formatted(from(names.size()), oids))
        .map(
            rows -> {
              List<Column> found = new ArrayList<>();
              for (Row row : rows) {
                String name = names.get(found.size());
                found.add(new Column(name, type(name, row, found.isEmpty())));
              }
              columns = found;
              values = new @Nullable Object[found.size() - 1];
              return null;
            });
  }

  private static List<String> checkedNames(List<String> names) {
    if (names.isEmpty()) {
      throw new SourceException(
          "expected SATCHEL_QUERY to return the user id and fields but it returns no column");
    }
    Set<String> seen = new HashSet<>();
    for (String name : names.subList(1, names.size())) {
      if (!seen.add(name)) {
        throw new SourceException(
            "SATCHEL_QUERY returns two fields named " + name + "; name one of them with AS");
      }
    }
    return names;
  }

  private static ColumnType type(String name, Row row, boolean isId) {
    ColumnType type = ColumnType.of(row.getString("base_name"), row.getBoolean("is_enum"));
    String typeName = row.getString("type_name");
    if (isId && (type == null || !type.canBeUserId())) {
      throw new SourceException(
          "the user id, column "
              + name
              + " of SATCHEL_QUERY, has type "
              + typeName
              + "; expected uuid, smallint, integer, bigint, text or varchar");
    }
    if (type == null) {
      throw new SourceException(
          "column "
              + name
              + " of SATCHEL_QUERY has type "
              + typeName
              + ", which Satchel cannot carry; cast it, for example "
              + name
              + "::text");
    }
    return type;
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
              handOver(cursor, batch(cursor));
              // a pool may give the session to others, who use the same name for a statement
              return allRead.future().compose(read -> intime(statement.close()));
            });
  }

  private void handOver(Cursor cursor, Future<RowSet<Row>> batch) {
    batch.onComplete(
        rows -> {
          Future<RowSet<Row>> next = cursor.hasMore() ? batch(cursor) : null;
          vertx
              .executeBlocking(() -> handOver(rows))
              .onComplete(
                  handed -> {
                    if (next == null) {
                      allRead.complete();
                    } else {
                      handOver(cursor, next);
                    }
                  },
                  allRead::fail);
        },
        allRead::fail);
  }

  private @Nullable Void handOver(RowSet<Row> rows) {
    long ordinal = users;
    long chars = 0;
    for (Row row : rows) {
      ordinal++;
      Object id = row.getValue(0);
      if (id == null) {
        throw new SourceException(
            "the user id, column "
                + columns.get(0).name()
                + " of SATCHEL_QUERY, is null in row "
                + ordinal);
      }
      for (int i = 0; i < values.length; i++) {
        Object value = row.getValue(i + 1);
        if (value instanceof String text) {
          chars += text.length();
        }
        values[i] = value == null ? null : carried(columns.get(i + 1), value, ordinal);
      }
      sink.user(id, values);
    }
    users = ordinal;
    if (chars > BATCH_CHARS) {
      batchRows = Math.max(1, (int) (rows.size() * BATCH_CHARS / chars));
    } else if (chars < BATCH_CHARS / 2) {
      batchRows = Math.min(MAX_BATCH_ROWS, batchRows * 2);
    }
    return null;
  }

  private @Nullable Object carried(Column column, Object value, long ordinal) {
    try {
      return column.type().carried(value);
    } catch (SourceException e) {
      throw new SourceException(
          "column " + column.name() + " of SATCHEL_QUERY, row " + ordinal + ", " + e.getMessage(),
          e);
    } catch (IOException e) {
      // its message would quote the value
      throw new SourceException(
          "column "
              + column.name()
              + " of SATCHEL_QUERY, row "
              + ordinal
              + ", holds JSON that is nested too deeply or has a number that is too long",
          null);
    }
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
    return IntStream.range(0, columns.size())
            .mapToObj(i -> columns.get(i).type().select("q.c" + i))
            .collect(Collectors.joining(", ", "SELECT ", " FROM "))
        + from(columns.size());
  }

  private String from(int width) {
    return IntStream.range(0, width)
        .mapToObj(i -> "c" + i)
        .collect(Collectors.joining(", ", "(" + query + "\n) AS q(", ")"));
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }
}
