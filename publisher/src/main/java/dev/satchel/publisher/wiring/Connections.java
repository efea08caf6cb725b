package dev.satchel.publisher.wiring;

import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.kv.local.LocalKvServer;
import dev.satchel.publisher.embedded.EmbeddedDatabase;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.source.SocketTransport;
import dev.satchel.publisher.text.FailureText;
import dev.satchel.publisher.text.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Vert.x instance and everything opened with it, closed in reverse order. Its methods block.
 * Confined to one thread, which is not one of Vert.x's.
 */
public final class Connections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final String LOCAL = "local";

  private final Vertx vertx =
      Vertx.builder()
          .with(
              new VertxOptions()
                  .setFileSystemOptions(
                      // a kill must not leave a folder behind under /tmp
                      new FileSystemOptions()
                          .setFileCachingEnabled(false)
                          .setClassPathResolvingEnabled(false)))
          .withTransport(new SocketTransport())
          .build();
  private final Deque<Supplier<Future<Void>>> closers = new ArrayDeque<>();

  public Vertx vertx() {
    return vertx;
  }

  /** Opens the configured namespace, or starts a local KV server and opens its namespace. */
  CloudflareKv kv(Endpoints endpoints, Path directory) throws InterruptedException {
    CloudflareSettings settings = endpoints.cloudflare();
    return client(
        settings == null
            ? localSettings(localKv(LocalKvOptions.in(directory.resolve("kv"))))
            : settings);
  }

  public CloudflareKv client(CloudflareSettings settings) {
    var kv = CloudflareKv.create(vertx, settings);
    closers.push(kv::close);
    return kv;
  }

  /** Starts a local KV server with a namespace named {@code local}. */
  public LocalKvServer localKv(LocalKvOptions options) throws InterruptedException {
    var server =
        Blocking.await(LocalKvServer.start(vertx, options.withNamespace(LOCAL, "satchel")));
    closers.push(server::close);
    return server;
  }

  /** Returns the variables that point clients at a local server. */
  public static Map<String, String> localVariables(LocalKvServer server) {
    return Map.of(
        "CLOUDFLARE_API_BASE_URL", server.baseUrl(),
        "CLOUDFLARE_ACCOUNT_ID", LOCAL,
        "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", LOCAL,
        "CLOUDFLARE_API_TOKEN", LOCAL);
  }

  public static CloudflareSettings localSettings(LocalKvServer server) {
    return CloudflareSettings.fromEnv(localVariables(server));
  }

  /** Returns the configured database, or starts a private one with users to try Satchel with. */
  DatabaseSettings database(Endpoints endpoints) throws InterruptedException {
    return configuredOr(endpoints, this::trialDatabase);
  }

  /** Returns the configured database, or starts a private one without users. */
  public DatabaseSettings databaseToFill(Endpoints endpoints) throws InterruptedException {
    return configuredOr(endpoints, this::embeddedDatabase);
  }

  private interface PrivateDatabase {
    EmbeddedDatabase start() throws InterruptedException;
  }

  private static DatabaseSettings configuredOr(Endpoints endpoints, PrivateDatabase other)
      throws InterruptedException {
    if (endpoints.database() != null) {
      return endpoints.database();
    }
    try {
      return other.start().settings();
    } catch (IllegalStateException e) {
      throw new RefusedException(
          "%s; or set %s to a database of your own"
              .formatted(FailureText.inWords(e), DatabaseSettings.VARIABLE));
    }
  }

  /** Starts a private database with the users of {@link TrialTable}. */
  public EmbeddedDatabase trialDatabase() throws InterruptedException {
    var database = embeddedDatabase();
    Blocking.await(TrialTable.fill(vertx, database.settings()));
    return database;
  }

  private EmbeddedDatabase embeddedDatabase() throws InterruptedException {
    var database = Blocking.await(EmbeddedDatabase.start(vertx));
    closers.push(database::close);
    return database;
  }

  /** Remembers how to close what was just opened. */
  public void onClose(Supplier<Future<Void>> closer) {
    closers.push(closer);
  }

  @Override
  public void close() {
    closers.addLast(vertx::close); // the others need it in order to close
    for (Supplier<Future<Void>> closer : closers) {
      try {
        Blocking.await(closer.get());
      } catch (RuntimeException e) {
        LOG.warn("could not close a connection: {}", FailureText.inWords(e));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    closers.clear();
  }
}
