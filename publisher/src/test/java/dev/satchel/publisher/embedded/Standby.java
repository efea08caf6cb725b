package dev.satchel.publisher.embedded;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.Waiting.until;

import dev.satchel.publisher.source.DatabaseSettings;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A primary and a replica that streams from it, both of this test's own. */
public final class Standby implements AutoCloseable {

  // ends with this process, however that ends
  private static final String GUARDIAN =
      """
      "$@" & server=$!
      read -r nothing
      kill -QUIT $server
      wait $server
      """;

  private final Vertx vertx;
  private final RunFolder folder;
  private final EmbeddedDatabase primary;
  private final Process guardian;
  private final String connectionString;
  private final AtomicBoolean isPrimaryStopped = new AtomicBoolean();

  private Standby(
      Vertx vertx,
      RunFolder folder,
      EmbeddedDatabase primary,
      Process guardian,
      String connectionString) {
    this.vertx = vertx;
    this.folder = folder;
    this.primary = primary;
    this.guardian = guardian;
    this.connectionString = connectionString;
  }

  /** Copies a running primary and lets a second server follow it. */
  public static Standby start() throws IOException {
    var run = RunFolder.create();
    Path folder = run.path();
    Vertx vertx = SharedDatabase.vertx();
    var primary = await(EmbeddedDatabase.start(vertx, List.of("wal_keep_size=64MB")));
    Account account = Account.forPostgres(folder);
    Path data = folder.resolve("data");
    PgConnection backup = await(primary.settings().connect(vertx));
    await(backup.query("SELECT pg_backup_start('copy', true)").execute());
    Row where = await(backup.query("SHOW data_directory").execute()).iterator().next();
    copy(Path.of(where.getString(0)), data, account);
    Row label =
        await(backup.query("SELECT labelfile FROM pg_backup_stop()").execute()).iterator().next();
    await(backup.close());
    for (String file : List.of("backup_label", "standby.signal")) {
      Files.writeString(data.resolve(file), file.equals("backup_label") ? label.getString(0) : "");
      account.own(data.resolve(file));
    }
    var uri = URI.create(primary.connectionString());
    String[] user = uri.getUserInfo().split(":", 2);
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    List<String> server =
        new ArrayList<>(
            List.of(
                PostgresPrograms.unpacked(folder).resolve("bin/postgres").toString(),
                "-D",
                data.toString()));
    for (String setting :
        List.of(
            "listen_addresses=127.0.0.1",
            "port=" + port,
            "unix_socket_directories=",
            "max_connections=50",
            "shared_buffers=16MB",
            "fsync=off",
            "logging_collector=off",
            "primary_conninfo=host=127.0.0.1 port=%d user=%s password=%s"
                .formatted(uri.getPort(), user[0], user[1]))) {
      server.addAll(List.of("-c", setting));
    }
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", GUARDIAN, "standby"));
    command.addAll(account.command(server));
    Process guardian =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    return new Standby(
        vertx,
        run,
        primary,
        guardian,
        "postgresql://%s@127.0.0.1:%d/postgres".formatted(uri.getUserInfo(), port));
  }

  private static void copy(Path from, Path to, Account account) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Path copy = to.resolve(from.relativize(folder));
            Files.createDirectory(
                copy,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            account.own(copy);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = from.relativize(file).toString();
            if (!name.startsWith("pg_wal") && !name.startsWith("postmaster.")) {
              Files.copy(file, to.resolve(name));
              account.own(to.resolve(name));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** How to connect to the replica. */
  public String connectionString() {
    return connectionString;
  }

  /** Runs SQL on the primary. */
  public void onPrimary(String sql) {
    PgConnection connection = await(primary.settings().connect(vertx));
    await(connection.query(sql).execute());
    await(connection.close());
  }

  /** Runs SQL on the replica, again and again until its one cell is true. */
  public void untilTrue(String sql) {
    until(sql, () -> isTrue(sql));
  }

  private boolean isTrue(String sql) {
    try {
      PgConnection connection =
          await(DatabaseSettings.parse("standby", connectionString).connect(vertx));
      return await(connection.query(sql).execute().eventually(connection::close))
          .iterator()
          .next()
          .getBoolean(0);
    } catch (RuntimeException e) {
      return false; // it takes no connections yet
    }
  }

  public void stopPrimary() {
    if (!isPrimaryStopped.getAndSet(true)) {
      await(primary.close());
    }
  }

  @Override
  public void close() throws IOException {
    guardian.getOutputStream().close();
    guardian.onExit().join();
    folder.remove();
    stopPrimary();
  }
}
