package dev.satchel.publisher.embedded;

import static dev.satchel.publisher.Waiting.until;

import dev.satchel.publisher.source.DatabaseSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A real PgBouncer before the shared database, with the settings it is installed with. */
final class PgBouncer implements AutoCloseable {
  static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

  private final Process process;
  private final int port;
  private final String userAndPassword;

  private PgBouncer(Process process, int port, String userAndPassword) {
    this.process = process;
    this.port = port;
    this.userAndPassword = userAndPassword;
  }

  /**
   * Starts one.
   *
   * @param settings lines of its section, such as {@code pool_mode=transaction}
   */
  static PgBouncer start(Path folder, String... settings) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    URI database = URI.create(SharedDatabase.settings().connectionString());
    String[] login = database.getUserInfo().split(":", 2);
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Path users =
        Files.writeString(
            folder.resolve("users.txt"), "\"%s\" \"%s\"\n".formatted(login[0], login[1]));
    Path ini =
        Files.writeString(
            folder.resolve("pgbouncer.ini"),
            """
            [databases]
            postgres = host=%s port=%d
            [pgbouncer]
            listen_addr=127.0.0.1
            listen_port=%d
            unix_socket_dir=
            auth_type=plain
            auth_file=%s
            %s
            """
                .formatted(
                    database.getHost(),
                    database.getPort(),
                    port,
                    users,
                    String.join("\n", settings)));
    Process process =
        new ProcessBuilder(
                Account.forPostgres(folder).command(List.of(PROGRAM.toString(), ini.toString())))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("pgbouncer.log").toFile())
            .start();
    var pool = new PgBouncer(process, port, login[0] + ":" + login[1]);
    until("PgBouncer listens", pool::listens);
    return pool;
  }

  private boolean listens() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("PgBouncer ended with status " + process.exitValue());
    }
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  String connectionString() {
    return "postgresql://%s@127.0.0.1:%d/postgres?sslmode=disable".formatted(userAndPassword, port);
  }

  DatabaseSettings settings() {
    return DatabaseSettings.parse("X", connectionString());
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
