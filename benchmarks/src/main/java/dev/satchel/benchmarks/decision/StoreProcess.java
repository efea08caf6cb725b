package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.kv.local.LocalKvServer;
import dev.satchel.publisher.embedded.EmbeddedDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.pgclient.PgConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The local KV server, and a private PostgreSQL if requested, in a process of their own, so that no
 * figure includes what they allocate and compute. Arguments: the directory of the pairs, and {@code
 * database} or nothing. Prints where they are, and obeys {@link Store}'s lines until its input
 * ends.
 */
public final class StoreProcess {
  public static final String NAMESPACE = "benchmark";
  private static final int EVERY_REQUEST = Integer.MAX_VALUE;

  private final CountedTraffic traffic = new CountedTraffic();
  private final Vertx vertx =
      Vertx.builder()
          .with(new VertxOptions().setMetricsOptions(new MetricsOptions().setEnabled(true)))
          .withMetrics(traffic)
          .build();

  private StoreProcess() {}

  /** Serves until standard input ends. */
  public static void main(String[] arguments) throws IOException {
    new StoreProcess().run(Path.of(arguments[0]), arguments.length > 1);
    System.exit(0);
  }

  private void run(Path directory, boolean hasDatabase) throws IOException {
    LocalKvServer kv =
        await(
            LocalKvServer.start(
                vertx, LocalKvOptions.in(directory).withNamespace(NAMESPACE, NAMESPACE)));
    ObjectNode places = JsonNodeFactory.instance.objectNode().put("baseUrl", kv.baseUrl());
    EmbeddedDatabase database = null;
    if (hasDatabase) {
      database = await(EmbeddedDatabase.start(vertx));
      places.put("database", database.connectionString());
    }
    System.out.println(places);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ", 2);
      switch (words[0]) {
        case "traffic" -> System.out.println(traffic.toJson());
        case "delay" -> {
          kv.faults().clear();
          Duration delay = Duration.ofMillis(Long.parseLong(words[1]));
          if (!delay.isZero()) {
            kv.faults().next(EVERY_REQUEST, "GET", "/values/").areDelayed(delay);
          }
          System.out.println("{}");
        }
        case "sql" -> {
          if (database == null) {
            throw new IllegalStateException("expected a database but was started without");
          }
          PgConnection connection = await(database.settings().connect(vertx));
          await(connection.query(words[1]).execute());
          await(connection.close());
          System.out.println("{}");
        }
        default -> throw new IllegalArgumentException("expected an order but found " + line);
      }
    }
    await(kv.close());
    if (database != null) {
      await(database.close());
    }
  }

  /** Returns the result of the future; must not be called on an event loop. */
  public static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
