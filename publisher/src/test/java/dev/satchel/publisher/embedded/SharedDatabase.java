package dev.satchel.publisher.embedded;

import static dev.satchel.publisher.Waiting.await;

import dev.satchel.publisher.source.DatabaseSettings;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

/** One PostgreSQL for all tests of a JVM, gone when the JVM ends. Tests use tables of their own. */
public final class SharedDatabase {
  /** Started when first asked for. */
  private static final class Holder {
    static final Vertx VERTX = Vertx.vertx();
    static final EmbeddedDatabase DATABASE = await(EmbeddedDatabase.start(VERTX));
  }

  private SharedDatabase() {}

  public static Vertx vertx() {
    return Holder.VERTX;
  }

  public static DatabaseSettings settings() {
    return Holder.DATABASE.settings();
  }

  /** A connection string for another database, user or password of the same server. */
  public static String connectionString(String userAndPassword, String database) {
    String all = Holder.DATABASE.connectionString();
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
    return await(settings().connect(vertx()));
  }
}
