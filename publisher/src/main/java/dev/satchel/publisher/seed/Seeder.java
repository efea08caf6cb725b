package dev.satchel.publisher.seed;

import dev.satchel.publisher.source.DatabaseSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Fills a table with synthetic users. The table is the tutorial's, with an additional column for
 * each field that the profile adds; an existing table only gets the columns it lacks.
 */
public final class Seeder {
  /** The ways to treat a table that already holds users. */
  public enum Existing {
    /** Fails, and leaves the table as it is. */
    REFUSE,
    /** Keeps the users, and adds more. */
    APPEND,
    /** Deletes the users, in the same transaction. */
    REPLACE
  }

  private final Vertx vertx;
  private final DatabaseSettings settings;

  /** Creates a seeder that has not connected yet. */
  public Seeder(Vertx vertx, DatabaseSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
  }

  /**
   * Adds the first {@code users} synthetic users of a profile, in one transaction.
   *
   * @param table a name of letters, digits and underscores, optionally preceded by a schema and a
   *     dot
   * @param progress receives how many are added so far
   * @return how many were added; fails with an {@link IllegalStateException} where {@code existing}
   *     forbids it
   */
  public Future<Long> seed(
      String table, int users, Profile profile, Existing existing, LongConsumer progress) {
    if (!table.matches("([A-Za-z_][A-Za-z0-9_]*\\.)?[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException(
          "expected a table name of letters, digits and underscores but found " + table);
    }
    return settings
        .connect(vertx)
        .compose(
            connection ->
                execute(connection, "BEGIN")
                    .compose(begun -> createTable(connection, table, profile))
                    .compose(created -> makeRoom(connection, table, existing))
                    .compose(made -> fill(connection, table, users, profile, progress))
                    .compose(filled -> execute(connection, "COMMIT"))
                    .compose(committed -> execute(connection, "ANALYZE " + table))
                    .map((long) users)
                    .onComplete(done -> connection.close()));
  }

  private static Future<Void> createTable(PgConnection connection, String table, Profile profile) {
    String columns =
        SeedColumn.of(profile).stream()
            .filter(column -> !column.isInTutorial())
            .map(column -> "ADD COLUMN IF NOT EXISTS " + column.column() + " " + column.type())
            .collect(Collectors.joining(", "));
    return execute(
            connection,
            """
            CREATE TABLE IF NOT EXISTS %s (
              id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
              username varchar(100) NOT NULL,
              email varchar(255) NOT NULL,
              preview_features_enabled boolean DEFAULT false)
            """
                .formatted(table))
        .compose(
            created ->
                columns.isEmpty()
                    ? Future.succeededFuture()
                    : execute(connection, "ALTER TABLE " + table + " " + columns));
  }

  private static Future<Void> makeRoom(PgConnection connection, String table, Existing existing) {
    return switch (existing) {
      case APPEND -> Future.succeededFuture();
      case REPLACE -> execute(connection, "TRUNCATE " + table);
      case REFUSE ->
          connection
              .query("SELECT EXISTS (SELECT FROM " + table + ")")
              .execute()
              .compose(
                  rows ->
                      rows.iterator().next().getBoolean(0)
                          ? Future.failedFuture(
                              new IllegalStateException(
                                  "expected table "
                                      + table
                                      + " to be empty but it holds users;"
                                      + " append to them or replace them"))
                          : Future.succeededFuture());
    };
  }

  private Future<Void> fill(
      PgConnection connection, String table, int users, Profile profile, LongConsumer progress) {
    List<SeedColumn> columns = SeedColumn.of(profile);
    return connection
        .prepare(SeedRun.sql(table, columns))
        .compose(insert -> new SeedRun(vertx, insert, columns, users, progress).run());
  }

  private static Future<Void> execute(PgConnection connection, String sql) {
    return connection.query(sql).execute().mapEmpty();
  }
}
