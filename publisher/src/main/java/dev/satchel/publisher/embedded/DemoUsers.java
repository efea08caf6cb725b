package dev.satchel.publisher.embedded;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.Seeder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** The users table of the demo: the tutorial's three people, and a crowd around them. */
public final class DemoUsers {
  /** A user who sees the preview features. */
  public static final UUID ALICE = UUID.fromString("a11ce000-0000-4000-8000-000000000001");

  /** A user who does not see the preview features. */
  public static final UUID BOB = UUID.fromString("b0b00000-0000-4000-8000-000000000002");

  /** Another user who sees the preview features. */
  public static final UUID CHARLIE = UUID.fromString("c4a111e0-0000-4000-8000-000000000003");

  /** Reads all of them with every field of the typical profile. */
  public static final String QUERY = Profile.TYPICAL.query("users");

  private static final int CROWD = 1_000;

  private static final String PEOPLE =
      """
      INSERT INTO users (id, username, email, preview_features_enabled, plan, locale,
                         max_projects, theme, rate_limit, beta_groups)
      VALUES ($1, 'alice', 'alice@mail.example', true, 'pro', 'en-US', 25, 'light', 1000,
              '{new-editor,fast-sync}'),
             ($2, 'bob', 'bob@mail.example', false, 'free', 'en-GB', 3, 'dark', 60, '{}'),
             ($3, 'charlie', 'charlie@post.example', true, 'team', 'fr-FR', 100, 'system', 5000,
              '{canary}')
      """;

  private DemoUsers() {}

  /** Creates the table {@code users} in an empty database and fills it. */
  public static Future<Void> create(Vertx vertx, EmbeddedDatabase database) {
    return new Seeder(vertx, database.settings())
        .seed("users", CROWD, Profile.TYPICAL, Seeder.Existing.REFUSE, added -> {})
        .compose(seeded -> database.settings().connect(vertx))
        .compose(
            connection ->
                connection
                    .preparedQuery(PEOPLE)
                    .execute(Tuple.from(List.of(ALICE, BOB, CHARLIE)))
                    .<Void>mapEmpty()
                    .onComplete(done -> connection.close()));
  }
}
