package dev.satchel.publisher.embedded;

import dev.satchel.publisher.source.DatabaseSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A private PostgreSQL of this process, empty at the start, on a free port of loopback. Closing it
 * deletes its data. Nothing in it is meant to last: it is not even synced to disk.
 *
 * <p>A small shell process stands between us and the server. It waits for the end of its standard
 * input, which comes when we close it and also when this process dies in any way; then it stops the
 * server and deletes the folder. Whatever even the shell could not do, the next start does.
 */
public final class EmbeddedDatabase {
  static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();

  private static final String GUARDIAN =
      """
      trap '' INT TERM HUP
      folder=$1; shift
      "$@" &
      server=$!
      read -r nothing
      kill -QUIT $server
      wait $server
      rm -rf "$folder"
      """;

  /**
   * Runs a command in a session of its own, so that Ctrl-C and other signals to our process group
   * stop us and not the database under us. macOS has no program for that.
   */
  private static final String APART =
      """
      if command -v setsid >/dev/null; then exec setsid "$@"; fi
      exec "$@"
      """;

  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 20;
  private static final String READY = "database system is ready to accept connections";

  private final Vertx vertx;
  private final RunFolder folder;
  private final Process guardian;
  private final String connectionString;
  private final DatabaseSettings settings;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedDatabase(
      Vertx vertx, RunFolder folder, Process guardian, String connectionString) {
    this.vertx = vertx;
    this.folder = folder;
    this.guardian = guardian;
    this.connectionString = connectionString;
    // the driver leaves the socket of a refused try at TLS open, and a server that is about to stop
    // waits a minute for what comes from there
    this.settings =
        DatabaseSettings.parse(DatabaseSettings.VARIABLE, connectionString + "?sslmode=disable");
  }

  /**
   * Starts a database, which takes a few seconds. Works as root, with util-linux's setpriv or
   * unshare, and as an ordinary user; on Linux and on macOS with Apple silicon.
   *
   * @return fails with an {@link IOException} whose message says what is missing
   */
  public static Future<EmbeddedDatabase> start(Vertx vertx) {
    return start(vertx, List.of());
  }

  /**
   * Checks that there is a PostgreSQL to start, which takes a few ms.
   *
   * @throws IOException that says what is missing
   */
  public static void check() throws IOException {
    PostgresArchive.ofThisPlatform();
  }

  /**
   * Does the same as {@link #start(Vertx)}, with more settings for the server, each {@code
   * name=value}.
   */
  static Future<EmbeddedDatabase> start(Vertx vertx, List<String> serverSettings) {
    return vertx.executeBlocking(() -> started(vertx, serverSettings), false);
  }

  /** Returns {@code postgresql://…} including the password, as psql takes it: the only way in. */
  public String connectionString() {
    return connectionString;
  }

  /** Returns the settings with which Satchel itself connects. */
  public DatabaseSettings settings() {
    return settings;
  }

  /** Stops the server and deletes its data. Closing again does nothing. */
  public Future<Void> close() {
    return vertx.executeBlocking(
        () -> {
          if (closed.compareAndSet(false, true)) {
            stop(guardian);
            folder.remove();
          }
          return null;
        },
        false);
  }

  private static EmbeddedDatabase started(Vertx vertx, List<String> serverSettings)
      throws IOException {
    check();
    RunFolder folder = RunFolder.create();
    try {
      Path programs = PostgresPrograms.unpacked(folder.path());
      Account account = Account.forPostgres(folder.path());
      byte[] secret = new byte[12];
      new SecureRandom().nextBytes(secret);
      String password = HexFormat.of().formatHex(secret);
      Path data = initialized(folder.path(), programs, account, password);
      int port = freePort();
      Process guardian = served(folder.path(), data, programs, account, port, serverSettings);
      String connectionString =
          "postgresql://satchel:" + password + "@127.0.0.1:" + port + "/postgres";
      return new EmbeddedDatabase(vertx, folder, guardian, connectionString);
    } catch (IOException | RuntimeException e) {
      folder.remove();
      throw e;
    }
  }

  private static Path initialized(Path folder, Path programs, Account account, String password)
      throws IOException {
    var onlyOwner = PosixFilePermissions.fromString("rwx------");
    Path data =
        Files.createDirectory(
            folder.resolve("data"), PosixFilePermissions.asFileAttribute(onlyOwner));
    account.own(data);
    Path passwordFile =
        Files.createFile(
            folder.resolve("password"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(passwordFile, password);
    account.own(passwordFile);
    Process initdb =
        process(
                folder,
                account.command(
                    List.of(
                        programs.resolve("bin/initdb").toString(),
                        "--pgdata=" + data,
                        "--username=satchel",
                        "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-sync",
                        "--no-instructions")))
            .start();
    initdb.getOutputStream().close();
    String said = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Files.delete(passwordFile);
    if (exitStatus(initdb) != 0) {
      throw new IOException(
          "PostgreSQL's initdb failed: " + said.strip().replaceAll("\\s*\\R\\s*", " / "));
    }
    return data;
  }

  private static Process served(
      Path folder, Path data, Path programs, Account account, int port, List<String> serverSettings)
      throws IOException {
    List<String> server = new ArrayList<>();
    server.addAll(List.of(programs.resolve("bin/postgres").toString(), "-D", data.toString()));
    List<String> all =
        new ArrayList<>(
            List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "max_connections=50",
                "shared_buffers=64MB",
                "fsync=off",
                "full_page_writes=off",
                "synchronous_commit=off",
                "max_wal_size=2GB",
                "logging_collector=off",
                "log_statement=none"));
    all.addAll(serverSettings);
    all.forEach(setting -> server.addAll(List.of("-c", setting)));
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", GUARDIAN, "satchel-guardian", folder.toString()));
    command.addAll(account.command(server));
    Process guardian = process(folder, command).start();
    try {
      awaitReady(guardian);
      return guardian;
    } catch (IOException e) {
      stop(guardian);
      throw e;
    }
  }

  private static void awaitReady(Process guardian) throws IOException {
    var ready = new CompletableFuture<Boolean>();
    Thread listener = new Thread(() -> listen(guardian, ready), "embedded-postgres-log");
    listener.setDaemon(true);
    listener.start();
    try {
      ready.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException told ? told : new IOException(e);
    } catch (TimeoutException e) {
      throw new IOException("PostgreSQL was not ready after " + START_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while PostgreSQL started", e);
    }
  }

  /** Reads the server's log, quietly, and reports when the server is ready or cannot start. */
  private static void listen(Process guardian, CompletableFuture<Boolean> ready) {
    try (var log =
        new BufferedReader(
            new InputStreamReader(guardian.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = log.readLine(); line != null; line = log.readLine()) {
        if (line.contains(READY)) {
          ready.complete(true);
        } else if (line.contains("FATAL:") || line.contains("not found")) {
          ready.completeExceptionally(new IOException("PostgreSQL did not start: " + line));
        }
      }
      ready.completeExceptionally(new IOException("PostgreSQL did not start, and did not say why"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  private static void stop(Process guardian) {
    try {
      guardian.getOutputStream().close();
      if (!guardian.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        guardian.descendants().forEach(ProcessHandle::destroyForcibly);
        guardian.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ProcessBuilder process(Path folder, List<String> command) {
    List<String> apart = new ArrayList<>(List.of("/bin/sh", "-c", APART, "satchel-apart"));
    apart.addAll(command);
    ProcessBuilder process =
        new ProcessBuilder(apart).directory(folder.toFile()).redirectErrorStream(true);
    process.environment().keySet().removeIf(name -> name.startsWith("PG") || name.equals("LANG"));
    process.environment().put("LC_ALL", "C");
    return process;
  }

  private static int exitStatus(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
