package dev.satchel.publisher.source;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All users of a database, as a stream. Safe for use by several threads; each read has its own
 * connection.
 */
public final class PostgresSource {
  /** What the tutorial's table is asked. */
  public static final String DEFAULT_QUERY = "SELECT id, preview_features_enabled FROM users";

  private final Vertx vertx;
  private final DatabaseSettings settings;
  private final String query;
  private final Duration stallTimeout;
  private final RowSecurity rowSecurity;

  /**
   * Creates a source that has not connected yet, and that row-level security does not filter.
   *
   * @param query one SELECT; its first column is the user id, every other a field; semicolons and
   *     comments at its end are left out
   * @param stallTimeout for how long the database may stay silent, at least 1 ms
   */
  public PostgresSource(
      Vertx vertx, DatabaseSettings settings, String query, Duration stallTimeout) {
    this(vertx, settings, query, stallTimeout, RowSecurity.REFUSE);
  }

  /**
   * Creates a source that has not connected yet.
   *
   * @param query as above
   * @param rowSecurity whether policies may filter the rows
   */
  public PostgresSource(
      Vertx vertx,
      DatabaseSettings settings,
      String query,
      Duration stallTimeout,
      RowSecurity rowSecurity) {
    this.vertx = vertx;
    this.settings = settings;
    this.query = QueryText.statement(query);
    this.stallTimeout = stallTimeout;
    this.rowSecurity = rowSecurity;
    if (this.query.isEmpty()) {
      throw new IllegalArgumentException("expected SATCHEL_QUERY to be a SELECT but it is empty");
    }
    if (stallTimeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "expected a stall timeout of at least 1 ms but found " + stallTimeout);
    }
  }

  /** Returns whether nothing is left of a query without its comments and semicolons. */
  public static boolean isEmpty(String query) {
    return QueryText.statement(query).isEmpty();
  }

  /**
   * Hands all users to {@code sink} as they stream, however old they are, in one repeatable-read,
   * read-only transaction. Memory is bounded: two batches of rows of about a mebibyte each.
   *
   * @return fails with a {@link SourceException} that names what to mend, or with what the sink
   *     threw
   */
  public Future<Void> read(UserSink sink) {
    return read(sink, null);
  }

  /**
   * Does the same from a database that is asked how far behind its primary it is.
   *
   * @param lagCheck is called before anything is read, if the database is a replica; null not to
   *     ask
   */
  public Future<Void> read(UserSink sink, @Nullable LagCheck lagCheck) {
    return settings
        .connect(vertx)
        .compose(
            connection ->
                new UserRead(vertx, connection, settings, query, stallTimeout, rowSecurity, sink)
                    .run(lagCheck));
  }
}
