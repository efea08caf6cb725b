package dev.satchel.publisher;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.embedded.SharedDatabase.connectionString;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.WatchedPublisher.Answers;
import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.embedded.StoppableDatabase;
import dev.satchel.publisher.source.DatabaseSettings;
import io.vertx.pgclient.PgConnection;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** While the database fails, readers keep what they have; the next run after it heals them. */
@Timeout(120)
class DatabaseFaultsTest {
  private static final int USERS = 20_000;

  /** Something that goes wrong between the database and the publisher, until it ends. */
  record Fault(
      String name,
      Consumer<DatabaseFaultsTest> begin,
      Consumer<DatabaseFaultsTest> end,
      String told) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Fault> faults() {
    return Stream.of(
        new Fault(
            "the connection is cut in the middle of the rows",
            test -> test.relay.breaksAfter(100_000, Relay.Break.CUT),
            test -> test.relay.heal(),
            "users"),
        new Fault(
            "the network falls silent in the middle of the rows",
            test -> test.relay.breaksAfter(100_000, Relay.Break.SILENCE),
            test -> test.relay.heal(),
            "stalled"),
        new Fault(
            "the statement times out",
            test -> {
              SharedDatabase.sql("ALTER ROLE faulty SET statement_timeout = '200ms'");
              test.lock();
            },
            test -> {
              SharedDatabase.sql("ALTER ROLE faulty RESET statement_timeout");
              test.unlock();
            },
            "statement timeout"),
        new Fault(
            "the table is locked",
            DatabaseFaultsTest::lock,
            DatabaseFaultsTest::unlock,
            "check for locks"),
        new Fault(
            "the table has another name",
            test -> test.bench.sql("ALTER TABLE %1$s RENAME TO %1$s_gone"),
            test -> test.bench.sql("ALTER TABLE %1$s_gone RENAME TO %1$s"),
            "does not exist"),
        new Fault(
            "the table is not permitted",
            test -> test.bench.sql("REVOKE SELECT ON %s FROM faulty"),
            test -> test.bench.sql("GRANT SELECT ON %s TO faulty"),
            "permission denied"));
  }

  private final Workbench bench;
  private final PgConnection locker = SharedDatabase.connect();
  private final Relay relay =
      new Relay(DatabaseSettings.parse("relay", connectionString("faulty:faulty", "postgres")));

  DatabaseFaultsTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
  }

  @BeforeAll
  static void makeRole() {
    SharedDatabase.sql("CREATE ROLE faulty LOGIN PASSWORD 'faulty'");
  }

  @AfterEach
  void close() {
    await(locker.close());
    relay.close();
    bench.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void readersKeepTheLastGoodSnapshotAndTheNextRunHeals(Fault fault) {
    bench.sql(
        "INSERT INTO %s SELECT 'user ' || n, true, 'free' FROM generate_series(1, "
            + USERS
            + ") n");
    bench.sql("GRANT SELECT ON %s TO faulty");
    var database = DatabaseSettings.parse("relay", relay.connectionString());
    try (var watched = new WatchedPublisher(bench, database, env("SELECT * FROM " + bench.table))) {
      Answers good = watched.answers();
      assertThat(good.plans()).hasSize(USERS + 3);
      bench.sql("UPDATE %s SET plan = 'team' WHERE id = 'alice'");
      fault.begin().accept(this);

      assertThat(watched.failures(2)).contains(fault.told());

      assertThat(watched.answers()).isEqualTo(good);
      fault.end().accept(this);
      watched.publish();
      assertHealed(watched, good);
    }
  }

  @Test
  void readersKeepTheLastGoodSnapshotWhilePostgresIsStoppedAndTheNextRunHeals() throws Exception {
    try (var database = new StoppableDatabase()) {
      database.sql("CREATE TABLE users AS SELECT 'alice' AS id, 'pro' AS plan");
      try (var watched =
          new WatchedPublisher(bench, database.settings(), env("SELECT * FROM users"))) {
        Answers good = watched.answers();
        database.sql("UPDATE users SET plan = 'team'");
        database.stop();

        assertThat(watched.failures(2)).contains("cannot reach PostgreSQL");

        assertThat(watched.answers()).isEqualTo(good);
        database.restart();
        watched.publish();
        assertHealed(watched, good);
      }
    }
  }

  /** The reader went from the last good snapshot to the new one, and saw nothing in between. */
  private static void assertHealed(WatchedPublisher watched, Answers good) {
    Answers now = watched.answers();
    assertThat(now.revision()).isGreaterThan(good.revision());
    var plans = new HashMap<>(good.plans());
    plans.put("alice", "team");
    assertThat(now.plans()).isEqualTo(plans);
    assertThat(watched.changes()).isSubsetOf(List.of(now));
  }

  private Map<String, String> env(String query) {
    var env = new HashMap<>(bench.env());
    env.put("SATCHEL_QUERY", query);
    env.put("SATCHEL_STALL_TIMEOUT", "1s");
    return env;
  }

  private void lock() {
    await(locker.query("BEGIN").execute());
    await(locker.query("LOCK TABLE " + bench.table).execute());
  }

  private void unlock() {
    await(locker.query("ROLLBACK").execute());
  }
}
