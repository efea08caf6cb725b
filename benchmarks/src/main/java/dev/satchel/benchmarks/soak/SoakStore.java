package dev.satchel.benchmarks.soak;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.decision.StoreProcess;
import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.kv.local.LocalKvServer;
import dev.satchel.publisher.embedded.EmbeddedDatabase;
import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.Seeder;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The environment of a soak in a process of its own: PostgreSQL with rows that change, the local KV
 * server, the network between it and its clients, and all faults of the three. Argument: the
 * directory of the pairs. Prints where they are, and obeys lines until its input ends: {@code
 * change}, a {@link Fault}, and {@code heal}.
 */
public final class SoakStore {
  static final String NAMESPACE = "soak";
  static final String READERS = "readers";
  static final String PUBLISHER = "publisher";

  private static final int CHANGE_MILLIS = 200;
  private static final int PAIRS_OF_A_CHANGE = 50;
  private static final int CUT_MILLIS = 500;
  private static final int END_SESSIONS_MILLIS = 1_000;
  private static final int EVERY_REQUEST = Integer.MAX_VALUE;
  private static final String END_SESSIONS =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
          + " WHERE pid <> pg_backend_pid() AND datname = current_database()";

  private final Vertx vertx = Vertx.vertx();
  private final SplittableRandom random = new SplittableRandom(1);
  private final LocalKvServer kv;
  private final EmbeddedDatabase database;
  private final Relay relay;
  private final PgConnection connection;
  private final AtomicLong changes = new AtomicLong();
  private long changing = -1;
  private long repeating = -1;

  // confined to the timer's context
  private long lastRound;
  private boolean isChanging;

  private SoakStore(Path directory) {
    kv =
        StoreProcess.await(
            LocalKvServer.start(
                vertx, LocalKvOptions.in(directory).withNamespace(NAMESPACE, NAMESPACE)));
    relay = new Relay(vertx, kv.port());
    database = StoreProcess.await(EmbeddedDatabase.start(vertx));
    StoreProcess.await(
        new Seeder(vertx, database.settings())
            .seed("users", Rounds.USERS, Profile.TYPICAL, Seeder.Existing.REFUSE, added -> {}));
    connection = StoreProcess.await(database.settings().connect(vertx));
    for (String statement : Rounds.PREPARE) {
      StoreProcess.await(connection.query(statement).execute());
    }
  }

  /** Serves until standard input ends. */
  public static void main(String[] arguments) throws IOException {
    new SoakStore(Path.of(arguments[0])).run();
    System.exit(0);
  }

  private void run() throws IOException {
    System.out.println(
        JsonNodeFactory.instance
            .objectNode()
            .put("baseUrl", kv.baseUrl().replace(":" + kv.port(), ":" + relay.port()))
            .put("database", database.connectionString()));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      switch (line) {
        case "change" -> changing = vertx.setPeriodic(CHANGE_MILLIS, due -> change());
        case "heal" -> heal();
        default -> begin(line);
      }
      ObjectNode answer = JsonNodeFactory.instance.objectNode().put("changes", changes.get());
      System.out.println(answer);
    }
    vertx.cancelTimer(changing);
    StoreProcess.await(kv.close());
    StoreProcess.await(database.close());
  }

  private void change() {
    if (isChanging) {
      return; // the database is busy
    }
    isChanging = true;
    Integer[] pairs = new Integer[1 + PAIRS_OF_A_CHANGE];
    pairs[0] = 0;
    for (int i = 1; i < pairs.length; i++) {
      pairs[i] = random.nextInt(Rounds.PAIRS);
    }
    lastRound = Math.max(lastRound + 1, System.currentTimeMillis());
    connection
        .preparedQuery(Rounds.CHANGE)
        .execute(Tuple.of(lastRound, (Object) pairs))
        .onSuccess(changed -> changes.incrementAndGet())
        .onFailure(failure -> System.err.println("could not change rows: " + failure))
        .onComplete(any -> isChanging = false);
  }

  private void begin(String order) {
    switch (order) {
      case "errors" -> kv.faults().next(EVERY_REQUEST, "*", "").answers(500);
      case "too_many" ->
          kv.faults().next(EVERY_REQUEST, "*", "").answers(429, Duration.ofSeconds(1));
      case "stalls" -> kv.faults().next(EVERY_REQUEST, "*", "/" + READERS + "/").stall();
      case "halves" -> kv.faults().next(EVERY_REQUEST, "*", "").areCut();
      case "slow" -> kv.faults().next(EVERY_REQUEST, "*", "").areDelayed(Duration.ofSeconds(1));
      case "refused" -> relay.refuse();
      case "cut" -> repeat(CUT_MILLIS, relay::cut);
      case "sessions" ->
          repeat(END_SESSIONS_MILLIS, () -> connection.query(END_SESSIONS).execute());
      default -> throw new IllegalArgumentException("expected an order but found " + order);
    }
  }

  private void repeat(int millis, Runnable fault) {
    fault.run();
    repeating = vertx.setPeriodic(millis, due -> fault.run());
  }

  private void heal() {
    vertx.cancelTimer(repeating);
    kv.faults().clear();
    relay.heal();
  }
}
