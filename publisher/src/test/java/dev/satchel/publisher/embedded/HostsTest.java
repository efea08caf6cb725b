package dev.satchel.publisher.embedded;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.source.SourceException;
import dev.satchel.publisher.wiring.Connections;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several hosts, of which one is read-only, and sockets. */
class HostsTest {
  private static EmbeddedDatabase readOnly;
  private static Path sockets;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    sockets = Files.createDirectory(folder.resolve("sockets"));
    Account.forPostgres(folder).own(sockets);
    readOnly =
        await(
            EmbeddedDatabase.start(
                SharedDatabase.vertx(),
                List.of("default_transaction_read_only=on", "unix_socket_directories=" + sockets)));
  }

  @AfterAll
  static void stop() {
    await(readOnly.close());
  }

  @Test
  void theFirstHostThatAnswersIsTaken() throws IOException {
    String nobody = nobody();

    assertThat(port(hosts(nobody, hostOf(readOnly.connectionString())), ""))
        .isEqualTo(portOf(readOnly));
    assertThatThrownBy(() -> port(hosts(nobody, nobody), ""))
        .isInstanceOf(SourceException.class)
        .hasMessageStartingWith("none of the 2 hosts can be used: cannot reach PostgreSQL at ")
        .hasMessageContaining("connection refused");
  }

  @Test
  void theHostOfTheWantedKindIsTakenAsLibpqDoes() {
    String hosts =
        hosts(
            hostOf(readOnly.connectionString()), hostOf(SharedDatabase.connectionString("x", "y")));

    assertThat(port(hosts, "target_session_attrs=any")).isEqualTo(portOf(readOnly));
    assertThat(port(hosts, "target_session_attrs=read-only")).isEqualTo(portOf(readOnly));
    assertThat(port(hosts, "target_session_attrs=primary")).isEqualTo(portOf(readOnly));
    assertThat(port(hosts, "target_session_attrs=prefer-standby")).isEqualTo(portOf(readOnly));
    String alone = hosts(hostOf(readOnly.connectionString()));
    assertThatThrownBy(() -> port(alone, "target_session_attrs=standby"))
        .hasMessageContaining("expected a standby at ")
        .hasMessageContaining("for target_session_attrs=standby of X");
    // the other server has another password, and a refused login ends the search, as with libpq
    assertThatThrownBy(() -> port(hosts, "target_session_attrs=read-write"))
        .hasMessageContaining("refused the login");
  }

  @Test
  void aSocketIsConnectedTo() {
    String login = readOnly.connectionString().replaceFirst("@.*", "@");
    try (var connections = new Connections()) {
      for (String text :
          List.of(
              login + sockets.toString().replace("/", "%2F") + ":" + portOf(readOnly) + "/postgres",
              login + "/postgres?host=" + sockets + "&port=" + portOf(readOnly))) {
        assertThat(port(connections.vertx(), text)).isEqualTo(portOf(readOnly));
      }
      assertThatThrownBy(
              () -> port(connections.vertx(), login + "/postgres?host=" + sockets + "&port=1"))
          .hasMessageContaining("cannot reach PostgreSQL at " + sockets + "/.s.PGSQL.1: ")
          .hasMessageContaining("expected the folder of a server's socket");
    }
  }

  private static String hosts(String... hosts) {
    return readOnly.connectionString().replaceFirst("@[^/]*", "@" + String.join(",", hosts));
  }

  private static int port(String text, String parameters) {
    return port(SharedDatabase.vertx(), text + "?" + parameters);
  }

  private static int port(Vertx vertx, String text) {
    PgConnection connection = await(DatabaseSettings.parse("X", text).connect(vertx));
    try {
      return await(connection.query("SELECT current_setting('port')::int AS port").execute())
          .iterator()
          .next()
          .getInteger("port");
    } finally {
      await(connection.close());
    }
  }

  private static int portOf(EmbeddedDatabase database) {
    return Integer.parseInt(hostOf(database.connectionString()).replaceFirst(".*:", ""));
  }

  private static String hostOf(String text) {
    return text.replaceFirst(".*@([^/]*)/.*", "$1");
  }

  private static String nobody() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }
}
