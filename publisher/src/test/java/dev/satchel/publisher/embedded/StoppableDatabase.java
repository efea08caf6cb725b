package dev.satchel.publisher.embedded;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.Waiting.until;

import dev.satchel.publisher.source.DatabaseSettings;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL of the test's own, which it stops and starts again with its data. */
public final class StoppableDatabase implements AutoCloseable {

  // PostgreSQL leaves the words it was started with; ends with this process, however that ends
  private static final String GUARDIAN =
      """
      options=$1; shift
      "$@" /bin/sh -c 'eval exec "$(cat "$0")"' "$options" & server=$!
      read -r nothing
      kill -QUIT $server
      wait $server
      """;

  private final Vertx vertx = SharedDatabase.vertx();
  private final EmbeddedDatabase database = await(EmbeddedDatabase.start(vertx));
  private final Path data = Path.of(cell("SHOW data_directory"));
  private @Nullable Process restarted;

  public DatabaseSettings settings() {
    return database.settings();
  }

  /** Runs SQL in a connection of its own. */
  public void sql(String sql) {
    PgConnection connection = await(settings().connect(vertx));
    await(connection.query(sql).execute().eventually(connection::close));
  }

  private String cell(String sql) {
    PgConnection connection = await(settings().connect(vertx));
    return await(connection.query(sql).execute().eventually(connection::close))
        .iterator()
        .next()
        .getString(0);
  }

  /** Ends all connections and the server, in order, as its service manager would. */
  public void stop() throws IOException {
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
    new ProcessBuilder("/bin/sh", "-c", "kill -INT $0", pid).start().onExit().join();
    until("the server is gone", () -> Files.notExists(data.resolve("postmaster.pid")));
  }

  /** Starts the server again, on the same port; it takes connections when this returns. */
  public void restart() throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", GUARDIAN, "restarted"));
    Path folder = Objects.requireNonNull(data.getParent());
    command.add(data.resolve("postmaster.opts").toString());
    command.addAll(Account.forPostgres(folder).prefix());
    restarted =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("restarted.log").toFile())
            .start();
    until("the server takes connections", this::isUp);
  }

  private boolean isUp() {
    try {
      sql("SELECT 1");
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    if (restarted != null) {
      restarted.getOutputStream().close();
      restarted.onExit().join();
    }
    await(database.close());
  }
}
