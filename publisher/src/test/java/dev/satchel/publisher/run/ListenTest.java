package dev.satchel.publisher.run;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.publisher.ReadmeSql;
import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.wiring.Assembly;
import dev.satchel.publisher.wiring.Connections;
import dev.satchel.snapshot.Snapshot;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ListenTest {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private @org.jspecify.annotations.Nullable ChangeListener listener;

  @AfterEach
  void close() {
    if (listener != null) {
      await(listener.close());
    }
  }

  @Test
  void aNotificationIsHeardWhateverTheChannelIsCalled() throws Exception {
    listen("it's \"odd\"");
    next(); // connected

    SharedDatabase.sql("NOTIFY \"it's \"\"odd\"\"\"");

    next();
  }

  @Test
  void aConnectionThatIsLostIsMadeAgainAndWhatWasMissedIsAskedFor() throws Exception {
    listen("lost_and_found");
    next(); // connected

    SharedDatabase.sql(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE query LIKE 'LISTEN "lost_and_found"%'""");

    next(); // connected again
    SharedDatabase.sql("NOTIFY lost_and_found");
    next();
  }

  @Test
  void theRoleAndTheTriggerOfTheReadmePublishEachCommittedChange(@TempDir Path folder)
      throws Exception {
    try (var bench = Workbench.in(folder);
        var connections = new Connections()) {
      ReadmeSql.Database readme = ReadmeSql.databaseWithUsers();
      PgConnection sql = await(readme.owner().connect(SharedDatabase.vertx()));
      await(sql.query(ReadmeSql.ROLE.find()).execute());
      await(sql.query(ReadmeSql.TRIGGER.find()).execute());
      var ledger = new Ledger(Instant.now());
      var publisher =
          Assembly.of(
              connections,
              readme.publisher(),
              bench.kv(),
              "local/local",
              PublisherSettings.fromEnv(
                  Map.of(PublisherSettings.QUERY.variable(), ReadmeSql.query()), new ArrayList<>()),
              ledger.stages());
      var yearly = Schedule.Cron.parse("0 0 1 1 *", ZoneOffset.UTC, Instant.now());
      var loop = publisher.loop(yearly, ledger);
      connections.onClose(loop::stop);
      BlockingQueue<Run> published = published(ledger);
      loop.start();
      publisher.listen("satchel", loop::ask);
      next(published);

      for (String change :
          new String[] {
            "UPDATE users SET preview_features_enabled = NOT preview_features_enabled",
            "DELETE FROM users WHERE username = 'alice'",
            "INSERT INTO users (id) VALUES ('00000000-0000-4000-8000-000000000009')",
          }) {
        await(sql.query(change).execute());
        next(published);
      }

      Snapshot snapshot = bench.published();
      assertThat(snapshot.fieldNames()).containsExactly("preview_features_enabled", "plan");
      assertThat(snapshot.find("00000000-0000-4000-8000-000000000009"))
          .isNotEqualTo(Snapshot.NO_USER);
      assertThat(ledger.count(Run.Outcome.FAILED)).isZero();
      await(sql.close());
      theRoleMayDoNothingElse(readme.publisher());
    }
  }

  private static void theRoleMayDoNothingElse(DatabaseSettings role) {
    PgConnection session = await(role.connect(SharedDatabase.vertx()));
    for (String sql :
        new String[] {
          "SELECT username FROM users",
          "DELETE FROM users",
          "UPDATE users SET plan = 'pro'",
          "CREATE TABLE mine (id int)"
        }) {
      assertThatThrownBy(() -> await(session.query(sql).execute()))
          .as(sql)
          .isInstanceOf(PgException.class);
    }
    await(session.close());
  }

  private void listen(String channel) {
    var settings = SharedDatabase.settings();
    listener =
        new ChangeListener(SharedDatabase.vertx(), settings, channel, () -> heard.add(channel));
    listener.start();
  }

  private static BlockingQueue<Run> published(Ledger ledger) {
    BlockingQueue<Run> published = new LinkedBlockingQueue<>();
    ledger.follow(
        run -> {
          if (run.outcome() == Run.Outcome.PUBLISHED) {
            published.add(run);
          }
        });
    return published;
  }

  private void next() throws InterruptedException {
    next(heard);
  }

  private static void next(BlockingQueue<?> events) throws InterruptedException {
    assertThat(events.poll(60, TimeUnit.SECONDS)).as("what happens in time").isNotNull();
  }
}
