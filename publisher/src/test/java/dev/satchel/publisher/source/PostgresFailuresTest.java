package dev.satchel.publisher.source;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.Waiting.until;
import static dev.satchel.publisher.embedded.SharedDatabase.connectionString;
import static dev.satchel.publisher.embedded.SharedDatabase.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.publisher.embedded.SharedDatabase;
import io.vertx.core.Future;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.pgclient.PgConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresFailuresTest {
  private static final String MANY =
      "SELECT g AS id, repeat('x', 100) AS filler FROM generate_series(1, 2000000) AS g";

  @BeforeAll
  static void makeRoles() {
    sql("CREATE ROLE pauper LOGIN PASSWORD 'hunter2'");
    sql("CREATE TABLE treasure (id int, gold int)");
    sql("CREATE TABLE lockable (id int, x int)");
  }

  @Test
  void aRefusedConnectionNamesTheAddressAndTheVariable() throws IOException {
    int closed;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }

    failing("postgresql://a:hunter2@127.0.0.1:" + closed + "/x", "SELECT 1")
        .hasMessage(
            "cannot reach PostgreSQL at 127.0.0.1:"
                + closed
                + ": connection refused, nothing listens there; check DATABASE_CONNECTION_STRING");
  }

  @Test
  void anUnknownHostIsNamed() {
    failing("postgresql://a:hunter2@no-such-host.invalid/x", "SELECT 1")
        .hasMessage(
            "cannot reach PostgreSQL at no-such-host.invalid:5432: the host is unknown;"
                + " check DATABASE_CONNECTION_STRING");
  }

  @Test
  void aWrongPasswordNamesTheVariableAndNotThePassword() {
    failing(connectionString("pauper:wrong-hunter2", "postgres"), "SELECT 1")
        .hasMessageContaining(
            "refused the login, check the user and password in DATABASE_CONNECTION_STRING:"
                + " password authentication failed for user \"pauper\"");
  }

  @Test
  void aMissingDatabaseIsNamed() {
    failing(connectionString("pauper:hunter2", "nowhere"), "SELECT 1")
        .hasMessageContaining("has no such database")
        .hasMessageContaining("\"nowhere\"");
  }

  @Test
  void aServerWithoutTlsIsNotTalkedToWhenTlsIsRequired() {
    failing(connectionString("pauper:hunter2", "postgres?sslmode=require"), "SELECT 1")
        .hasMessageMatching(
            "cannot reach PostgreSQL at 127.0.0.1:\\d+: TLS failed \\(.*\\), check sslmode and"
                + " sslrootcert; check DATABASE_CONNECTION_STRING");
  }

  @Test
  void aServerThatNeverAnswersIsGivenUp() {
    NetServer silent =
        await(
            SharedDatabase.vertx()
                .createNetServer()
                .connectHandler(socket -> {})
                .listen(0, "127.0.0.1"));

    failing(
            "postgresql://a:hunter2@127.0.0.1:" + silent.actualPort() + "/x?connect_timeout=1",
            "SELECT 1")
        .hasMessageContaining("no answer for 1 s; check DATABASE_CONNECTION_STRING");
    await(silent.close());
  }

  @Test
  void aMissingTableIsNamedWithItsPlaceInTheQuery() {
    failing("SELECT id, x FROM userz")
        .hasMessage(
            "the query of SATCHEL_QUERY failed: relation \"userz\" does not exist"
                + " at character 19 of the query");
  }

  @Test
  void aHintOfPostgresIsPassedOnInOneLine() {
    failing("SELECT id,\n goldd FROM treasure")
        .hasMessage(
            "the query of SATCHEL_QUERY failed: column \"goldd\" does not exist (hint: Perhaps you"
                + " meant to reference the column \"treasure.gold\".) at character 13 of the query");
  }

  @Test
  void aSyntaxErrorIsPointedAt() {
    failing("SELEC id FROM treasure")
        .hasMessageContaining("syntax error at or near \"SELEC\" at character 1 of the query");
  }

  @Test
  void aStatementThatIsNoSelectIsRefusedAndDoesNothing() {
    failing("DELETE FROM treasure")
        .hasMessageStartingWith("expected SATCHEL_QUERY to be a SELECT but");
    failing("SELECT 1; DROP TABLE treasure")
        .hasMessageContaining("cannot insert multiple commands into a prepared statement");
    failing("WITH gone AS (DELETE FROM treasure RETURNING id) SELECT id FROM gone")
        .isInstanceOf(SourceException.class);
    assertThat(sql("SELECT FROM treasure")).isEmpty();
  }

  @Test
  void aFailureInTheMiddleOfTheRowsIsTold() {
    failing("SELECT g AS id, 1 / (5000 - g) AS x FROM generate_series(1, 10000) AS g")
        .hasMessageMatching(
            "the query of SATCHEL_QUERY failed( after \\d+ users)?: division by zero");
  }

  @Test
  void aMissingPermissionIsToldWithItsCure() {
    failing(connectionString("pauper:hunter2", "postgres"), "SELECT id, gold FROM treasure")
        .hasMessageContaining("is not permitted to pauper@127.0.0.1:")
        .hasMessageEndingWith(
            "permission denied for table treasure; GRANT SELECT on what it reads");
  }

  @Test
  void aNullUserIdIsToldWithItsRow() {
    failing("SELECT nullif(g, 3) AS who, g AS x FROM generate_series(1, 5) AS g")
        .hasMessage("the user id, column who of SATCHEL_QUERY, is null in row 3");
  }

  @Test
  void twoFieldsOfOneNameAreRefused() {
    failing("SELECT 1 AS id, 2 AS x, 3 AS x")
        .hasMessage("SATCHEL_QUERY returns two fields named x; name one of them with AS");
    failing("SELECT FROM treasure").hasMessageContaining("it returns no column");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(repeat('[', 2000) || '42' || repeat(']', 2000))",
        "'[1e42000000000]'",
        "'{\"a\": -1e-42000000000}'",
        "repeat('42', 100001)",
      })
  void jsonThatCannotBeCarriedIsToldWithItsUserAndFieldWithoutShowingIt(String json) {
    failing(
            "SELECT 'user ' || g AS id, (CASE g WHEN 2 THEN "
                + json
                + " ELSE '1' END)::json AS deep FROM generate_series(1, 3) AS g")
        .hasMessageStartingWith("user id user 2: field deep: expected JSON at most 1,000 deep")
        .hasMessageNotContaining("42");
  }

  @Test
  void whatIsWrongWithOneUserIsToldWithTheUserId() {
    var read =
        Users.source(
                SharedDatabase.settings(),
                "SELECT repeat('x', 500) || g FROM generate_series(1, 9) g")
            .read(
                new UserSink() {
                  @Override
                  public void fields(List<String> names) {}

                  @Override
                  public void user(Object id, @Nullable Object[] values, int[] numbers) {
                    throw new IllegalArgumentException("expected more");
                  }
                });

    failing(read).hasMessage("user id " + "x".repeat(80) + "…: expected more");
  }

  @Test
  void aStatementTimeoutOfTheServerIsTold() {
    sql("CREATE ROLE hasty LOGIN PASSWORD 'hunter2'");
    sql("ALTER ROLE hasty SET statement_timeout = '50ms'");

    failing(
            connectionString("hasty:hunter2", "postgres"),
            "SELECT 1 AS id, pg_sleep(20)::text AS x")
        .hasMessage(
            "PostgreSQL cancelled the query before the first user: canceling statement due to"
                + " statement timeout; make SATCHEL_QUERY faster or statement_timeout longer");
  }

  @Test
  void aTableThatAnotherSessionLocksStallsTheRead() {
    PgConnection locker = SharedDatabase.connect();
    await(locker.query("BEGIN").execute());
    await(locker.query("LOCK TABLE lockable").execute());

    var read =
        new PostgresSource(
                SharedDatabase.vertx(),
                SharedDatabase.settings(),
                "SELECT id, x FROM lockable",
                Duration.ofMillis(300))
            .read(new Users());

    failing(read).hasMessageContaining("stalled: nothing for 0.3 s after 0 users; check for locks");
    await(locker.query("ROLLBACK").execute());
    await(locker.close());
  }

  @Test
  void aConnectionThatDropsInTheMiddleIsToldWithTheUsersSoFar() {
    var sink = new Halting(3_000);
    Future<Void> read = Users.source(SharedDatabase.settings(), MANY).read(sink);
    sink.awaitHalt();

    sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE pid <> pg_backend_pid() AND query LIKE '%generate_series(1, 2000000)%'");
    sink.goOn();

    failing(read).hasMessageMatching(".*(ended the connection|broke) after \\d+ users.*");
  }

  @Test
  void aNetworkThatFallsSilentStallsTheRead() {
    var silence = new AtomicBoolean();
    NetServer proxy = proxy(silence);
    String through =
        SharedDatabase.settings()
            .connectionString()
            .replaceFirst(":[0-9]+/", ":" + proxy.actualPort() + "/");
    var sink = new Halting(3_000);
    Future<Void> read =
        new PostgresSource(
                SharedDatabase.vertx(),
                DatabaseSettings.parse("X", through),
                MANY,
                Duration.ofSeconds(1))
            .read(sink);
    sink.awaitHalt();

    silence.set(true);
    sink.goOn();

    failing(read).hasMessageMatching(".*stalled: nothing for 1\\.0 s after [1-9]\\d* users.*");
    await(proxy.close());
  }

  @Test
  void whatTheSinkThrowsEndsTheReadAndTheConnection() {
    var thrown = new IllegalStateException("full");
    var read =
        Users.source(SharedDatabase.settings(), "SELECT g AS sunk FROM generate_series(1, 99) AS g")
            .read(
                new UserSink() {
                  @Override
                  public void fields(List<String> names) {}

                  @Override
                  public void user(Object id, @Nullable Object[] values, int[] numbers) {
                    throw thrown;
                  }
                });

    assertThatThrownBy(() -> await(read)).isSameAs(thrown);
    until(
        "the session ends",
        () ->
            sql("SELECT FROM pg_stat_activity WHERE query LIKE '%AS sunk%'"
                        + " AND pid <> pg_backend_pid()")
                    .size()
                == 0);
  }

  private static AbstractThrowableAssert<?, ?> failing(String query) {
    return failing(SharedDatabase.settings().connectionString(), query);
  }

  private static AbstractThrowableAssert<?, ?> failing(String connectionString, String query) {
    var settings = DatabaseSettings.parse(DatabaseSettings.VARIABLE, connectionString);
    return failing(Users.source(settings, query).read(new Users()));
  }

  private static AbstractThrowableAssert<?, ?> failing(Future<Void> read) {
    return assertThatThrownBy(() -> await(read))
        .isInstanceOf(SourceException.class)
        .hasMessageNotContaining("\n")
        .hasMessageNotContaining("hunter2");
  }

  /** Forwards between a client and the database until told to be silent. */
  private static NetServer proxy(AtomicBoolean silence) {
    DatabaseHost host = SharedDatabase.settings().hosts().get(0);
    var clients = SharedDatabase.vertx().createNetClient();
    return await(
        SharedDatabase.vertx()
            .createNetServer()
            .connectHandler(
                client -> {
                  client.pause();
                  clients
                      .connect(host.port(), host.name())
                      .onSuccess(
                          server -> {
                            forward(server, client, silence);
                            forward(client, server, silence);
                            client.resume();
                          });
                })
            .listen(0, "127.0.0.1"));
  }

  private static void forward(NetSocket from, NetSocket to, AtomicBoolean silence) {
    from.handler(
        bytes -> {
          if (!silence.get()) {
            to.write(bytes);
          }
        });
    from.closeHandler(closed -> to.close());
  }

  /** A sink that stops at one user until told to go on, as a slow one would. */
  private static final class Halting implements UserSink {
    private final long at;
    private final AtomicLong users = new AtomicLong();
    private final CountDownLatch halted = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    Halting(long at) {
      this.at = at;
    }

    void awaitHalt() {
      await(halted);
    }

    void goOn() {
      released.countDown();
    }

    @Override
    public void fields(List<String> names) {}

    @Override
    public void user(Object id, @Nullable Object[] values, int[] numbers) {
      if (users.incrementAndGet() == at) {
        halted.countDown();
        await(released);
      }
    }

    private static void await(CountDownLatch latch) {
      try {
        assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
