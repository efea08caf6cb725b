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
  /** The query for the tutorial's table. */
  public static final String DEFAULT_QUERY = "SELECT id, preview_features_enabled FROM users";

  /** Long enough for a big sort before the first row, short enough to notice a lock. */
  public static final Duration DEFAULT_STALL_TIMEOUT = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final DatabaseSettings settings;
  private final String query;
  private final Duration stallTimeout;

  /**
   * Creates a source that has not connected yet.
   *
   * @param query one SELECT; its first column is the user id, every other a field; a semicolon at
   *     its end is ignored
   * @param stallTimeout for how long the database may stay silent, at least 1 ms
   */
  public PostgresSource(
      Vertx vertx, DatabaseSettings settings, String query, Duration stallTimeout) {
    this.vertx = vertx;
    this.settings = settings;
    this.query = query.strip().replaceAll("(\\s*;)+$", "");
    this.stallTimeout = stallTimeout;
    if (this.query.isEmpty()) {
      throw new IllegalArgumentException("expected SATCHEL_QUERY to be a SELECT but it is empty");
    }
    if (stallTimeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "expected a stall timeout of at least 1 ms but found " + stallTimeout);
    }
  }

  /**
   * Reads all users, however far a replica is behind; see {@link #read(UserSink, ReadProgress)}.
   */
  public Future<ReadSummary> read(UserSink sink) {
    return read(sink, ReadProgress.NONE);
  }

  /**
   * Hands all users to {@code sink} as they stream, in one repeatable-read, read-only transaction.
   * Memory is bounded: two batches of rows of about a mebibyte each.
   *
   * @return what was read; fails with a {@link SourceException} that names what to fix, or with
   *     what the sink threw
   */
  public Future<ReadSummary> read(UserSink sink, ReadProgress progress) {
    return read(sink, progress, null);
  }

  /**
   * Reads all users after checking how far the database is behind its primary.
   *
   * @param lagCheck is called before anything is read, if the database is a replica; null to skip
   *     the check
   */
  public Future<ReadSummary> read(
      UserSink sink, ReadProgress progress, @Nullable LagCheck lagCheck) {
    long start = System.nanoTime();
    return settings
        .connect(vertx)
        .compose(
            connection ->
                new UserRead(vertx, connection, settings, query, stallTimeout, sink, progress)
                    .run(start, lagCheck));
  }
}
