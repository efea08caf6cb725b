package dev.satchel.publisher;

import static dev.satchel.publisher.Waiting.await;

import dev.satchel.http.NetworkOptions;
import dev.satchel.kv.Backoff;
import dev.satchel.kv.CloudflareKvReader;
import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.local.LocalKvFaults;
import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.kv.local.LocalKvServer;
import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.publisher.kv.RetryPolicy;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.wiring.Connections;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A real database with a table of the test's own, and a real local KV server. */
public final class Workbench implements AutoCloseable {
  public static final RetryPolicy IMPATIENT =
      new RetryPolicy(
          2,
          new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)),
          Duration.ZERO,
          Duration.ofMillis(500),
          () -> 0);

  private static final AtomicInteger TABLES = new AtomicInteger();

  public final String table = "publisher_users_" + TABLES.incrementAndGet();
  private final LocalKvOptions options;
  private final CloudflareKv kv;
  private LocalKvServer server;

  private Workbench(LocalKvOptions options, LocalKvServer server, CloudflareKv kv) {
    this.options = options.withPort(server.port());
    this.server = server;
    this.kv = kv;
  }

  public static Workbench in(Path directory) {
    var vertx = SharedDatabase.vertx();
    var options = LocalKvOptions.in(directory).withNamespace("local", "tests");
    var server = await(LocalKvServer.start(vertx, options));
    var bench =
        new Workbench(
            options, server, CloudflareKv.create(vertx, Connections.localSettings(server)));
    SharedDatabase.sql(
        "CREATE TABLE %s (id text PRIMARY KEY, preview boolean, plan text)".formatted(bench.table));
    bench.sql(
        "INSERT INTO %s VALUES ('alice', true, 'pro'), ('bob', false, 'free'), ('ünï', null, 'a\"b')");
    return bench;
  }

  /** Runs SQL, in which {@code %s} is the table. */
  public void sql(String sql) {
    SharedDatabase.sql(sql.formatted(table));
  }

  public Map<String, String> env() {
    var env = new HashMap<>(Connections.localVariables(server));
    env.put("DATABASE_CONNECTION_STRING", SharedDatabase.settings().connectionString());
    env.put("SATCHEL_QUERY", "SELECT * FROM " + table);
    return env;
  }

  public SatchelRun satchel() {
    return SatchelRun.with(env());
  }

  /** From now on nobody listens where the KV server was. */
  void stopKv() {
    await(server.close());
  }

  /** Brings the KV server back with what it held and without the faults it was given. */
  void startKv() {
    server = await(LocalKvServer.start(SharedDatabase.vertx(), options));
  }

  public LocalKvFaults faults() {
    return server.faults();
  }

  public CloudflareSettings kvSettings() {
    return Connections.localSettings(server);
  }

  public CloudflareKv kv() {
    return kv;
  }

  /** The published snapshot as an application's client reads it. */
  SnapshotSource source() {
    return SnapshotSource.of(
        CloudflareKvReader.of(kvSettings(), NetworkOptions.defaults(), IMPATIENT.requestTimeout()),
        PublisherSettings.DEFAULT_KEY);
  }

  public Buffer value(String key) {
    return await(kv.value(key)).orElseThrow(() -> new AssertionError("nothing under " + key));
  }

  public JsonObject metadata(String key) {
    return await(kv.metadata(key)).orElseThrow(() -> new AssertionError("nothing under " + key));
  }

  public Snapshot published() {
    return Snapshot.open(value("user-configs").getBytes());
  }

  @Override
  public void close() {
    await(kv.close());
    await(server.close());
  }
}
