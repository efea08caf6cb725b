package dev.satchel.publisher;

import static dev.satchel.publisher.Waiting.await;

import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.source.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The SQL that the publisher's README and docs give, exactly as it is there. */
public enum ReadmeSql {
  TRIGGER("CREATE TRIGGER"),
  ROLE("CREATE ROLE");

  private static final Pattern BLOCK = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);
  private static final List<Path> FILES =
      List.of(Path.of("README.md"), Path.of("docs", "operations.md"));
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final String mark;

  ReadmeSql(String mark) {
    this.mark = mark;
  }

  /** A database as its owner and as the role of {@link #ROLE} sees it. */
  public record Database(DatabaseSettings owner, DatabaseSettings publisher) {}

  /** What SATCHEL_QUERY is set to. */
  public static String query() throws IOException {
    Matcher query = Pattern.compile("SATCHEL_QUERY='([^']*)'").matcher(text());
    if (!query.find()) {
      throw new AssertionError("expected a SATCHEL_QUERY in " + FILES);
    }
    return query.group(1);
  }

  public String find() throws IOException {
    Matcher block = BLOCK.matcher(text());
    while (block.find()) {
      if (block.group(1).contains(mark)) {
        return block.group(1);
      }
    }
    throw new AssertionError("expected a block of SQL with " + mark + " in " + FILES);
  }

  private static String text() throws IOException {
    var text = new StringBuilder();
    for (Path file : FILES) {
      text.append(Files.readString(file));
    }
    return text.toString();
  }

  /** A new database with the table that the README talks of, and a user in it. */
  public static Database databaseWithUsers() {
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
    return new Database(
        database,
        DatabaseSettings.parse(
            "TEST", SharedDatabase.connectionString("satchel_publisher:a-long-password", name)));
  }
}
