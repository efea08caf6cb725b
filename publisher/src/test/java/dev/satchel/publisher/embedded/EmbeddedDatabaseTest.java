package dev.satchel.publisher.embedded;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EmbeddedDatabaseTest {
  @Test
  void aClosedDatabaseLeavesNothingBehind() {
    Vertx vertx = SharedDatabase.vertx();
    EmbeddedDatabase database = await(EmbeddedDatabase.start(vertx));
    PgConnection connection = await(database.settings().connect(vertx));
    Row shown = await(connection.query("SHOW data_directory").execute()).iterator().next();
    Path folder = Path.of(shown.getString(0)).getParent();
    assertThat(folder).exists();

    await(database.close());
    await(database.close());

    assertThat(folder).doesNotExist();
  }
}
