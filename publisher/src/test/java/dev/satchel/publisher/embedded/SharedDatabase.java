package dev.satchel.publisher.embedded;

import dev.satchel.publisher.source.DatabaseSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One PostgreSQL for all tests of a JVM, gone when the JVM ends. Tests use tables of their own. */
public final class SharedDatabase {
  private static final Vertx VERTX = Vertx.vertx();
  private static final EmbeddedDatabase DATABASE = await(EmbeddedDatabase.start(VERTX));

  private SharedDatabase() {}

  public static Vertx vertx() {
    return VERTX;
  }

  public static DatabaseSettings settings() {
    return DATABASE.settings();
  }

  /** A connection string for another database, user or password of the same server. */
  public static String connectionString(String userAndPassword, String database) {
    String all = DATABASE.connectionString();
    String hostAndPort = all.substring(all.indexOf('@') + 1, all.lastIndexOf('/'));
    return "postgresql://" + userAndPassword + "@" + hostAndPort + "/" + database;
  }

  /** Runs SQL in a connection of its own. */
  public static RowSet<Row> sql(String sql) {
    PgConnection connection = connect();
    try {
      return await(connection.query(sql).execute());
    } finally {
      await(connection.close());
    }
  }

  public static PgConnection connect() {
    return await(settings().connect(VERTX));
  }

  /** What a future answers within a minute; throws what it failed with. */
  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException told) {
        throw told;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
