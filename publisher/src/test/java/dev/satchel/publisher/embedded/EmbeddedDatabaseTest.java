package dev.satchel.publisher.embedded;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EmbeddedDatabaseTest {
  @Test
  void aClosedDatabaseLeavesNothingBehind() throws IOException {
    Vertx vertx = SharedDatabase.vertx(); // which starts a database of its own
    Set<Path> before = folders();
    EmbeddedDatabase database = await(EmbeddedDatabase.start(vertx));
    PgConnection connection = await(database.settings().connect(vertx));
    assertThat(await(connection.query("SELECT 1").execute())).hasSize(1);

    await(database.close());
    await(database.close());

    assertThat(folders()).isSubsetOf(before);
  }

  private static Set<Path> folders() throws IOException {
    try (var all = Files.list(EmbeddedDatabase.TEMPORARY)) {
      return all.filter(p -> p.getFileName().toString().startsWith("satchel-database-"))
          .collect(Collectors.toSet());
    }
  }
}
