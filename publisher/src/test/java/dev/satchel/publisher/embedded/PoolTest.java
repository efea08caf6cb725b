package dev.satchel.publisher.embedded;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.lock.WriterLock;
import dev.satchel.publisher.run.ChangeListener;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.source.Pool;
import dev.satchel.publisher.source.SourceException;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Publishing through PgBouncer; skipped where it is not installed. */
@Timeout(120)
class PoolTest {
  private static final String PROCESS = "SELECT pg_backend_pid()";

  @TempDir Path folder;
  @TempDir Path kv;

  @BeforeAll
  static void needsPgBouncer() {
    assumeTrue(Files.isExecutable(PgBouncer.PROGRAM), "no PgBouncer at " + PgBouncer.PROGRAM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"session", "transaction"})
  void everyRunPublishesThroughAPoolAsItIsInstalled(String mode) throws IOException {
    try (var pool = PgBouncer.start(folder, "pool_mode=" + mode);
        var bench = Workbench.in(kv)) {
      var satchel =
          bench
              .satchel()
              .and("DATABASE_CONNECTION_STRING", pool.connectionString())
              .and("SATCHEL_READ_BACK", "0");

      for (int run = 1; run <= 3; run++) {
        bench.sql("UPDATE %s SET plan = 'plan " + run + "' WHERE id = 'bob'");
        assertThat(satchel.run("publish", "--accept-change")).as(satchel.err()).isZero();
        assertThat(bench.published().users()).isEqualTo(3);
      }
    }
  }

  @Test
  void nothingIsLeftInASessionThatOthersGet() throws IOException {
    try (var pool = PgBouncer.start(folder, "pool_mode=transaction", "default_pool_size=2");
        var bench = Workbench.in(kv)) {
      var satchel =
          bench
              .satchel()
              .and("DATABASE_CONNECTION_STRING", pool.connectionString())
              .and("SATCHEL_READ_BACK", "0");
      assertThat(satchel.run("publish")).as(satchel.err()).isZero();

      List<PgConnection> others = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        PgConnection other = await(pool.settings().connect(SharedDatabase.vertx()));
        others.add(other);
        await(other.query("BEGIN").execute()); // keeps its session from the next one
        assertThat(one(other, "SHOW statement_timeout")).isEqualTo("0");
        assertThat(one(other, "SHOW application_name")).isEqualTo("satchel");
        assertThat(one(other, "SELECT count(*)::text FROM pg_prepared_statements")).isEqualTo("0");
        assertThat(
                one(
                    other,
                    "SELECT count(*)::text FROM pg_locks"
                        + " WHERE locktype = 'advisory' AND pid = pg_backend_pid()"))
            .isEqualTo("0");
      }
      for (PgConnection other : others) {
        await(other.close());
      }
    }
  }

  @Test
  void publishersTakeTurnsWhetherTheyComeThroughThePoolOrNot() throws IOException {
    try (var pool = PgBouncer.start(folder, "pool_mode=transaction");
        var bench = Workbench.in(kv)) {
      String namespace = "local/local";
      var vertx = SharedDatabase.vertx();
      var lock = new WriterLock(vertx, pool.settings(), namespace, "key user-configs");
      var direct = bench.satchel();
      var through = direct.and("DATABASE_CONNECTION_STRING", pool.connectionString());

      await(lock.takeInTurn(new WriteGate(), why -> {}));
      await(lock.confirm());

      assertThat(direct.run("publish", "--lock-wait", "0")).isEqualTo(1);
      assertThat(direct.err()).contains("only publisher of key user-configs", "satchel on ");
      assertThat(through.run("publish", "--lock-wait", "0")).isEqualTo(1);
      assertThat(through.err()).contains("only publisher of key user-configs", "satchel on ");
      await(lock.close());
      assertThat(through.run("publish")).as(through.err()).isZero();
    }
  }

  @Test
  void aParameterThatThePoolRefusesIsNamedWithTheSettingOfThePool() throws IOException {
    try (var pool = PgBouncer.start(folder)) {
      var settings =
          DatabaseSettings.parse("X", pool.connectionString() + "&options=-c%20jit%3Doff");

      assertThatThrownBy(() -> await(settings.connect(SharedDatabase.vertx())))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining(
              "refuses the parameter options; add it to ignore_startup_parameters in pgbouncer.ini,"
                  + " or take it out of X");
    }
  }

  @Test
  void aSharedSessionIsNoticedBeforeAnythingListensInIt() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    var logger = (Logger) LoggerFactory.getLogger(ChangeListener.class);
    log.list = new CopyOnWriteArrayList<>();
    log.start();
    logger.addAppender(log);
    try (var pool = PgBouncer.start(folder, "pool_mode=transaction")) {
      var listener =
          new ChangeListener(SharedDatabase.vertx(), pool.settings(), "changes", () -> {});
      listener.start();

      until("the listener says so", () -> !log.list.isEmpty());
      assertThat(log.list.get(0).getFormattedMessage())
          .startsWith("not listening to channel changes: the pool at ")
          .contains("transaction mode")
          .contains("session mode")
          .doesNotContain("\n");
      PgConnection other = await(pool.settings().connect(SharedDatabase.vertx()));
      assertThat(one(other, "SELECT count(*)::text FROM pg_listening_channels()")).isEqualTo("0");
      await(other.close());
      await(listener.close());
    } finally {
      logger.detachAppender(log);
    }
  }

  @Test
  void aSessionOfItsOwnListens() throws Exception {
    var heard = new LinkedBlockingQueue<String>();
    try (var pool = PgBouncer.start(folder, "pool_mode=session")) {
      var listener =
          new ChangeListener(
              SharedDatabase.vertx(), pool.settings(), "Pool_Changes", () -> heard.add("changed"));
      listener.start();
      assertThat(heard.poll(30, TimeUnit.SECONDS)).isNotNull(); // connected

      SharedDatabase.sql("NOTIFY Pool_Changes");

      assertThat(heard.poll(30, TimeUnit.SECONDS)).isNotNull();
      await(listener.close());
    }
  }

  @Test
  void onlyAPoolThatSharesSessionsIsTakenForOne() throws IOException {
    var vertx = SharedDatabase.vertx();
    PgConnection direct = SharedDatabase.connect();
    assertThat(await(Pool.isBefore(direct))).isFalse();
    assertThat(await(Pool.sharesSessions(vertx, SharedDatabase.settings(), direct))).isFalse();
    await(direct.close());
    try (var pool = PgBouncer.start(folder, "pool_mode=session")) {
      PgConnection connection = await(pool.settings().connect(vertx));
      assertThat(await(Pool.isBefore(connection))).isTrue();
      assertThat(await(Pool.sharesSessions(vertx, pool.settings(), connection))).isFalse();
      await(connection.close());
    }
    for (String robin : List.of("0", "1")) {
      try (var pool =
          PgBouncer.start(folder, "pool_mode=transaction", "server_round_robin=" + robin)) {
        PgConnection connection = await(pool.settings().connect(vertx));
        one(connection, PROCESS + "::text");
        assertThat(await(Pool.sharesSessions(vertx, pool.settings(), connection)))
            .as("server_round_robin=" + robin)
            .isTrue();
        await(connection.close());
      }
    }
  }

  private static String one(PgConnection connection, String sql) {
    Row row = await(connection.query(sql).execute()).iterator().next();
    return row.getString(0);
  }
}
