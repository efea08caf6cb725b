package dev.satchel.publisher;

import static dev.satchel.publisher.embedded.SharedDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.http.Ledger;
import dev.satchel.publisher.http.Run;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.snapshot.Snapshot;
import io.vertx.pgclient.PgConnection;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
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
  void theTriggerOfTheReadmePublishesEachCommittedChange(@TempDir Path folder) throws Exception {
    try (var bench = Workbench.in(folder);
        var connections = new Connections()) {
      DatabaseSettings database = ReadmeSql.databaseWithUsers();
      PgConnection sql = await(database.connect(SharedDatabase.vertx()));
      await(sql.query(ReadmeSql.TRIGGER.find()).execute());
      var problems = new ArrayList<String>();
      var stages = new StageRecorder();
      var ledger = new Ledger(Instant.now());
      var publisher =
          Publisher.of(
              connections,
              database,
              bench.kv(),
              "local/local",
              PublisherSettings.fromEnv(java.util.Map.of(), problems),
              stages);
      var loop =
          publisher.loop(
              Schedule.Cron.parse("0 0 1 1 *", java.time.ZoneOffset.UTC, Instant.now()),
              stages,
              ledger);
      connections.onClose(loop::stop);
      loop.start();
      publisher.listen("satchel", loop::ask);
      until(() -> ledger.count(Run.Outcome.PUBLISHED) == 1);

      for (String change :
          new String[] {
            "UPDATE users SET preview_features_enabled = NOT preview_features_enabled",
            "DELETE FROM users WHERE id = (SELECT min(id::text)::uuid FROM users)",
            "INSERT INTO users (id) VALUES ('00000000-0000-4000-8000-000000000009')",
          }) {
        long before = ledger.count(Run.Outcome.PUBLISHED);
        await(sql.query(change).execute());
        until(() -> ledger.count(Run.Outcome.PUBLISHED) > before);
      }

      Snapshot published = bench.published();
      assertThat(published.find("00000000-0000-4000-8000-000000000009"))
          .isNotEqualTo(Snapshot.NO_USER);
      assertThat(ledger.count(Run.Outcome.FAILED)).isZero();
      await(sql.close());
    }
  }

  private void listen(String channel) {
    var settings = SharedDatabase.settings();
    listener =
        new ChangeListener(SharedDatabase.vertx(), settings, channel, () -> heard.add(channel));
    listener.start();
  }

  private void next() throws InterruptedException {
    assertThat(heard.poll(20, TimeUnit.SECONDS)).as("what was heard in time").isNotNull();
  }

  private static void until(java.util.function.BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    var never = new java.util.concurrent.CountDownLatch(1);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it came in time").isLessThan(deadline);
      assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
    }
  }
}
