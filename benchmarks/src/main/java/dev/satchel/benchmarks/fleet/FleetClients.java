package dev.satchel.benchmarks.fleet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients in a process of their own, which read what the environment says. Argument: how many.
 * Prints a line when all are open and told of changes, and obeys lines until its input ends: a
 * number asks when each client took a revision above it, in Unix microseconds.
 */
public final class FleetClients {
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final List<Follower> followers = new ArrayList<>();

  private FleetClients() {}

  /** A client and when it took its latest revision. */
  private static final class Follower {
    private final ConfigClient client;
    private volatile long revision;
    private volatile long takenAtMicros;

    Follower(ConfigClient client) {
      this.client = client;
      client.onRefresh(report -> look());
      look();
    }

    private synchronized void look() {
      long now = System.currentTimeMillis() * 1_000;
      long found = client.view().revision();
      if (found > revision) {
        takenAtMicros = now;
        revision = found;
      }
    }
  }

  /** Answers until standard input ends. */
  public static void main(String[] arguments) throws IOException {
    var all = new FleetClients();
    all.open(Integer.parseInt(arguments[0]));
    System.out.println("{}");
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(all.takenAfter(Long.parseLong(line)));
    }
    System.exit(0);
  }

  private void open(int count) {
    var options = ConfigClientOptions.fromEnv(System.getenv());
    for (int i = 0; i < count; i++) {
      var source = ConfigClient.sourceFromEnv(System.getenv(), options);
      followers.add(new Follower(ConfigClient.openBlocking(source, options)));
    }
    for (Follower follower : followers) {
      await(follower.client::isToldOfChanges, "a client that is told of changes");
    }
  }

  private ObjectNode takenAfter(long revision) {
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    ArrayNode times = found.putArray("micros");
    for (Follower follower : followers) {
      await(() -> follower.revision > revision, "a revision above " + revision);
      times.add(follower.takenAtMicros);
      found.put("revision", follower.revision);
      found.put("fetched", follower.client.status().fetched().name());
    }
    return found;
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition, String what) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("expected " + what + " within a minute");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }
}
