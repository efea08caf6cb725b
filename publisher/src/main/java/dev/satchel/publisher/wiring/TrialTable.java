package dev.satchel.publisher.wiring;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.Seeder;
import dev.satchel.publisher.source.DatabaseSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** The users of embedded mode: a thousand synthetic ones, and three with names. */
public final class TrialTable {
  /** A user who has the preview features. */
  public static final UUID ALICE = UUID.fromString("a11ce000-0000-4000-8000-000000000001");

  /** A user who does not have them. */
  public static final UUID BOB = UUID.fromString("b0b00000-0000-4000-8000-000000000002");

  /** Another user who has them. */
  static final UUID CHARLIE = UUID.fromString("c4a12e00-0000-4000-8000-000000000003");

  /** Selects every field of the synthetic users. */
  public static final String QUERY = Profile.TYPICAL.query("users");

  private static final int USERS = 1_000;
  private static final String INSERT =
      "INSERT INTO users (id, username, email, preview_features_enabled, plan, locale, theme)"
          + " VALUES ($1, $2, $3, $4, 'free', 'en-US', 'light')";

  private TrialTable() {}

  /** Creates and fills the table in a database that has none. */
  static Future<Void> fill(Vertx vertx, DatabaseSettings database) {
    return new Seeder(vertx, database)
        .seed("users", USERS, Profile.TYPICAL, Seeder.Existing.REFUSE, users -> {})
        .compose(seeded -> database.connect(vertx))
        .compose(connection -> insert(connection).eventually(connection::close));
  }

  private static Future<Void> insert(PgConnection connection) {
    return connection
        .preparedQuery(INSERT)
        .executeBatch(
            List.of(
                Tuple.of(ALICE, "alice", "alice@example.com", true),
                Tuple.of(BOB, "bob", "bob@example.com", false),
                Tuple.of(CHARLIE, "charlie", "charlie@example.com", true)))
        .mapEmpty();
  }
}
