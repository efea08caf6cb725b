package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.JsonPeer;
import dev.satchel.benchmarks.TextGrid;
import dev.satchel.publisher.seed.SyntheticUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How long does it take from the start of a process to its first answer about a user?
 *
 * <p>Data: 1,000 to 1,000,000 typical users. A JVM is started for each measurement, cold in
 * everything but the file cache: with the KV server up; with the server down and a copy on disk;
 * and with JSON lines, compressed by zstd, read from a file into a {@code HashMap<UUID, record>}.
 * The file favours the map: at a million users it is too large for a KV value. A JVM that answers
 * without any data shows how much of each time is the start of Java itself. All times are medians.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.decision.DecisionReport --only start
 * </pre>
 *
 * Expected: below two seconds for the snapshot at any size, from KV or from disk; more for the map
 * from 100,000 users on.
 */
final class StartBenchmark {
  private static final int HEAP_MIB = 2_048;
  private static final String NOBODY = "http://127.0.0.1:1/client/v4";
  private static final long PAUSE_NANOS = 20_000_000;
  private static final long COPY_PATIENCE_NANOS = 30_000_000_000L;

  private StartBenchmark() {}

  static ArrayNode measure(Trial trial) throws IOException {
    ArrayNode found = JsonNodeFactory.instance.arrayNode();
    for (int users : trial.sizes()) {
      Trial.say("start: %,d users", users);
      trial.store().ensureSnapshot(users);
      String[] userId = {""};
      SyntheticUsers.forEach(
          users,
          Store.PROFILE,
          (id, values) -> {
            if (Boolean.TRUE.equals(values[0])) {
              userId[0] = id.toString();
            }
          });
      Map<String, String> up = new HashMap<>(trial.store().variables());
      up.put("SATCHEL_KEY", Store.key(users));
      up.put("SATCHEL_WHEN_NOTHING", "fail");
      up.put("SATCHEL_START_TIMEOUT", "60s");
      Path copy = trial.folder().resolve("copy-" + users);
      Map<String, String> down = new HashMap<>(up);
      down.put("SATCHEL_COPY_DIR", copy.toString());
      makeCopy(copy, userId[0], down);
      down.put("CLOUDFLARE_API_BASE_URL", NOBODY);
      Path json = trial.folder().resolve("users-" + users + ".json.zst");
      Files.write(json, JsonPeer.pack(Store.PROFILE, users));
      found.add(measure(trial, users, "nothing", userId[0], "nothing", up));
      found.add(measure(trial, users, "snapshot from KV", userId[0], "snapshot", up));
      found.add(
          measure(trial, users, "snapshot from a copy, KV down", userId[0], "snapshot", down));
      found.add(
          measure(trial, users, "JSON from a file to a HashMap", userId[0], json.toString(), up)
              .put("fileBytes", Files.size(json)));
    }
    return found;
  }

  private static ObjectNode measure(
      Trial trial, int users, String name, String userId, String how, Map<String, String> variables)
      throws IOException {
    double[] seconds = new double[trial.of(5, 2)];
    for (int i = 0; i < seconds.length; i++) {
      long start = System.nanoTime();
      try (Child task =
          Child.start(Programs.main(HEAP_MIB, StartTask.class, userId, how), variables)) {
        boolean answer = task.answer().get("answer").asBoolean();
        seconds[i] = (System.nanoTime() - start) / 1e9;
        if (!answer && !how.equals("nothing")) {
          throw new IOException("expected true for user " + userId + " from " + name);
        }
      }
    }
    Arrays.sort(seconds);
    return JsonNodeFactory.instance
        .objectNode()
        .put("users", users)
        .put("from", name)
        .put("seconds", seconds[seconds.length / 2])
        .put("fastest", seconds[0])
        .put("slowest", seconds[seconds.length - 1]);
  }

  /** Makes a client keep its copy, and waits for the file. */
  private static void makeCopy(Path copy, String userId, Map<String, String> variables)
      throws IOException {
    List<String> command = Programs.main(HEAP_MIB, StartTask.class, userId, "snapshot");
    try (Child task = Child.start(command, variables)) {
      task.answer();
      long deadline = System.nanoTime() + COPY_PATIENCE_NANOS;
      while (!isThere(copy)) {
        if (System.nanoTime() > deadline) {
          throw new IOException("expected a copy in " + copy + " but there is none");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static boolean isThere(Path copy) throws IOException {
    if (!Files.isDirectory(copy)) {
      return false;
    }
    try (Stream<Path> files = Files.list(copy)) {
      return files.anyMatch(file -> file.toString().endsWith(".satchel"));
    }
  }

  static String text(JsonNode rows) {
    TextGrid grid =
        new TextGrid("process start to first answer", "users", "seconds", "fastest", "slowest");
    for (JsonNode row : rows) {
      grid.row(
          row.get("from").asText(),
          row.get("users").asLong(),
          row.get("seconds").asDouble(),
          row.get("fastest").asDouble(),
          row.get("slowest").asDouble());
    }
    return grid.toString();
  }
}
