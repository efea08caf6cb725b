package dev.satchel.publisher;

import static dev.satchel.publisher.embedded.SharedDatabase.await;

import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.source.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The SQL that the README gives, exactly as it is there. */
enum ReadmeSql {
  TRIGGER("CREATE TRIGGER"),
  ROLE("CREATE ROLE");

  private static final Pattern BLOCK = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final String mark;

  ReadmeSql(String mark) {
    this.mark = mark;
  }

  String find() throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(Path.of("..", "README.md")));
    while (block.find()) {
      if (block.group(1).contains(mark)) {
        return block.group(1);
      }
    }
    throw new AssertionError("expected a block of SQL with " + mark + " in the README");
  }

  /** A new database with the table that the README talks of, and a user in it. */
  static DatabaseSettings databaseWithUsers() {
    String name = "readme_" + DATABASES.incrementAndGet();
    SharedDatabase.sql("CREATE DATABASE " + name);
    String all = SharedDatabase.settings().connectionString();
    var database =
        DatabaseSettings.parse("TEST", all.substring(0, all.lastIndexOf('/') + 1) + name);
    var connection = await(database.connect(SharedDatabase.vertx()));
    await(
        connection
            .query(
                """
                CREATE TABLE users (
                  id uuid PRIMARY KEY, username text, preview_features_enabled boolean, plan text);
                INSERT INTO users VALUES
                  ('00000000-0000-4000-8000-000000000001', 'alice', true, 'pro'),
                  ('00000000-0000-4000-8000-000000000002', 'bob', false, 'free')
                """)
            .execute());
    await(connection.close());
    return database;
  }
}
