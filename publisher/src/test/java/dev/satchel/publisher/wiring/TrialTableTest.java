package dev.satchel.publisher.wiring;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.embedded.EmbeddedDatabase;
import dev.satchel.publisher.embedded.SharedDatabase;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import org.junit.jupiter.api.Test;

class TrialTableTest {
  @Test
  void theDemoHasItsThreePeopleAndACrowd() {
    EmbeddedDatabase database = await(EmbeddedDatabase.start(SharedDatabase.vertx()));
    try {
      await(TrialTable.fill(SharedDatabase.vertx(), database.settings()));

      PgConnection connection = await(database.settings().connect(SharedDatabase.vertx()));
      Row people =
          await(
                  connection
                      .query(
                          "SELECT count(*), string_agg(username || preview_features_enabled, ' '"
                              + " ORDER BY username) FILTER (WHERE username ~ '^[a-z]+$') FROM users")
                      .execute())
              .iterator()
              .next();
      assertThat(people.getLong(0)).isEqualTo(1_003);
      assertThat(people.getString(1)).isEqualTo("alicetrue bobfalse charlietrue");
      await(connection.close());
    } finally {
      await(database.close());
    }
  }
}
