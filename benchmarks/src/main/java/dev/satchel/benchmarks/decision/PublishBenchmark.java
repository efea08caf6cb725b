package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.TextGrid;
import dev.satchel.publisher.kv.KvPair;
import dev.satchel.publisher.seed.SyntheticUsers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What does it take to bring users from PostgreSQL into KV, in both layouts, for the first time and
 * when ten of them have changed?
 *
 * <p>Data: 1,000 to 1,000,000 typical users in a real PostgreSQL, published by {@code satchel
 * publish} as a person runs it, to the local KV server. Seconds are the sum of the publisher's
 * stages, without the start of its JVM; requests and bytes are counted by the server, which also
 * sees what the publisher reads to compare and to read back; a pair of a bulk write is a billed
 * write (developers.cloudflare.com/kv/platform/pricing). The layout of pairs is written as a whole
 * each time; a publisher that knew the ten changed users would write ten pairs, which is a separate
 * row, written by the KV client alone.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.decision.DecisionReport --only publish
 * </pre>
 *
 * Expected: the snapshot in two writes, or three with a patch, and a handful of requests at any
 * size; pairs in as many writes as users, and several times the bytes and the time at a million.
 */
final class PublishBenchmark {
  private static final int CHANGED = 10;
  private static final JsonMapper JSON = new JsonMapper();

  private final Trial trial;
  private final Path jar;
  private final ArrayNode found = JsonNodeFactory.instance.arrayNode();

  private PublishBenchmark(Trial trial) throws IOException {
    this.trial = trial;
    jar = Programs.jar("publisher", "satchel.jar");
  }

  static ArrayNode measure(Trial trial) throws IOException {
    PublishBenchmark benchmark = new PublishBenchmark(trial);
    for (int users : trial.sizes()) {
      benchmark.measure(users);
    }
    return benchmark.found;
  }

  private void measure(int users) throws IOException {
    Trial.say("publish: %,d users", users);
    String table = "users_" + users;
    satchel(
        Map.of(),
        "seed",
        "--json",
        "--users",
        String.valueOf(users),
        "--profile",
        "typical",
        "--table",
        table);
    Map<String, String> settings =
        Map.of(
            "SATCHEL_QUERY",
            Store.PROFILE.query(table),
            "SATCHEL_KEY",
            "published-" + users,
            "SATCHEL_MAX_CHANGED",
            "off",
            "SATCHEL_MAX_FIELD_CHANGED",
            "off");
    found.add(publish(users, "snapshot", "all", settings));
    List<ObjectNode> again = new ArrayList<>();
    for (int i = 0; i < trial.of(3, 1); i++) {
      trial
          .store()
          .sql(
              ("UPDATE %s SET preview_features_enabled = NOT preview_features_enabled"
                      + " WHERE id IN (SELECT id FROM %s ORDER BY id LIMIT %d)")
                  .formatted(table, table, CHANGED));
      again.add(publish(users, "snapshot", "ten", settings));
    }
    again.sort((a, b) -> Double.compare(a.get("seconds").asDouble(), b.get("seconds").asDouble()));
    found.add(again.get(again.size() / 2));
    Map<String, String> perKey = new HashMap<>(settings);
    perKey.put("SATCHEL_LAYOUT", "per-key");
    found.add(publish(users, "per-key", "all", perKey));
    trial.store().hasPairs(users);
    found.add(onlyTheChanged(users));
  }

  private ObjectNode publish(int users, String layout, String change, Map<String, String> settings)
      throws IOException {
    JsonNode before = trial.store().traffic();
    JsonNode outcome = satchel(settings, "publish", "--json");
    JsonNode after = trial.store().traffic();
    if (!outcome.path("outcome").asText().equals("published")) {
      throw new IOException("expected to publish but found " + outcome);
    }
    ObjectNode row = row(users, layout, change, before, after);
    double seconds = 0;
    for (JsonNode stage : outcome.get("seconds")) {
      seconds += stage.asDouble();
    }
    row.put("seconds", seconds);
    row.set("stages", outcome.get("seconds"));
    row.put("valueBytes", outcome.get("bytes").asLong());
    row.put(
        "kvWrites",
        difference(before, after, "singleWrites") + (layout.equals("per-key") ? users : 0));
    return row;
  }

  /** Writes ten pairs in one bulk write, with a client that is already warm. */
  private ObjectNode onlyTheChanged(int users) throws IOException {
    List<KvPair> pairs = new ArrayList<>();
    List<String> names = Store.PROFILE.fields();
    SyntheticUsers.forEach(
        CHANGED,
        Store.PROFILE,
        (id, values) -> {
          JsonObject user = new JsonObject();
          for (int i = 0; i < values.length; i++) {
            user.put(names.get(i), values[i]);
          }
          pairs.add(new KvPair(id.toString(), Buffer.buffer(user.encode())));
        });
    int times = 21;
    double[] seconds = new double[times];
    ObjectNode row = null;
    for (int i = 0; i < times; i++) {
      JsonNode before = trial.store().traffic();
      long start = System.nanoTime();
      StoreProcess.await(trial.store().kv().putAll(pairs));
      seconds[i] = (System.nanoTime() - start) / 1e9;
      row = row(users, "per-key, only the changed", "ten", before, trial.store().traffic());
    }
    Arrays.sort(seconds);
    if (row == null) {
      throw new AssertionError("expected at least one run");
    }
    return row.put("seconds", seconds[times / 2]).put("kvWrites", CHANGED);
  }

  private static ObjectNode row(
      int users, String layout, String change, JsonNode before, JsonNode after) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("users", users)
        .put("layout", layout)
        .put("change", change)
        .put("requests", difference(before, after, "requests"))
        .put("bytesSent", difference(before, after, "bytesReceived"))
        .put("bytesRead", difference(before, after, "bytesSent"));
  }

  static long difference(JsonNode before, JsonNode after, String member) {
    return after.get(member).asLong() - before.get(member).asLong();
  }

  /** Returns what the command prints; its log is shown only if it fails. */
  private JsonNode satchel(Map<String, String> settings, String... arguments) throws IOException {
    Path log = trial.folder().resolve("satchel.log");
    ProcessBuilder builder =
        new ProcessBuilder(Programs.jarCommand(jar, arguments)).redirectError(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SATCHEL_"));
    builder.environment().putAll(trial.store().variables());
    builder.environment().putAll(settings);
    if (arguments[0].equals("seed")) {
      builder.environment().keySet().removeIf(name -> name.startsWith("CLOUDFLARE_"));
    }
    Process process = builder.start();
    byte[] printed = process.getInputStream().readAllBytes();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(
            "satchel " + String.join(" ", arguments) + " failed: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while satchel ran", e);
    }
    return JSON.readTree(printed);
  }

  static String text(JsonNode rows) {
    TextGrid grid =
        new TextGrid(
            "publishing", "users", "changed", "seconds", "requests", "bytes sent", "KV writes");
    for (JsonNode row : rows) {
      grid.row(
          row.get("layout").asText(),
          row.get("users").asLong(),
          row.get("change").asText(),
          String.format(Locale.ROOT, "%.3f", row.get("seconds").asDouble()),
          row.get("requests").asLong(),
          row.get("bytesSent").asLong(),
          row.get("kvWrites").asLong());
    }
    return grid.toString();
  }
}
