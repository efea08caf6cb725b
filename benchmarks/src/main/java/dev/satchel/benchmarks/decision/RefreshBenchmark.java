package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.TextGrid;
import dev.satchel.benchmarks.Values;
import dev.satchel.publisher.seed.SyntheticUsers;
import dev.satchel.snapshot.SnapshotEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What does a change cost a reader: bytes, time, garbage, and the longest time for which a lookup
 * waits while the view is replaced?
 *
 * <p>Data: 1,000 to 1,000,000 typical users; each revision changes a boolean of ten of them. The
 * reader is a process that does nothing but lookups, back to back on one thread, with a heap of 1
 * GiB; the KV server, in another process, shares the machine's processors with it. A gap is the
 * time from one answer to the next. Windows of the same length with and without a refresh
 * alternate, so that the machine's own noise is in both.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.decision.DecisionReport --only refresh
 * </pre>
 *
 * Expected: the value's bytes once, in a few hundred milliseconds at a million users; garbage of a
 * few times the value; gaps up to the 99.99th percentile as without a refresh; the longest gap
 * comes from a collection or a preempted thread, not from the swap.
 */
final class RefreshBenchmark {
  private static final int CHANGED = 10;
  private static final int HEAP_MIB = 1_024;

  private RefreshBenchmark() {}

  static ArrayNode measure(Trial trial) throws IOException {
    ArrayNode found = JsonNodeFactory.instance.arrayNode();
    for (int users : trial.sizes()) {
      int refreshes = users == trial.users() ? trial.of(10, 3) : trial.of(5, 2);
      found.add(measure(trial, users, refreshes, trial.of(1_500, 800)));
    }
    return found;
  }

  private static ObjectNode measure(Trial trial, int users, int refreshes, int windowMillis)
      throws IOException {
    Trial.say("refresh: %,d users", users);
    Store store = trial.store();
    store.ensureSnapshot(users);
    List<JsonNode> idle = new ArrayList<>();
    List<JsonNode> busy = new ArrayList<>();
    long bytes = 0;
    long requests = 0;
    List<String> command = Programs.main(HEAP_MIB, RefreshTask.class, String.valueOf(users));
    try (Child reader = Child.start(command, store.variables())) {
      reader.ask("idle 1000"); // lets the compiler warm up
      for (int i = -1; i < refreshes; i++) {
        store.putSnapshot(users, revision(users, store.nextRevision()));
        JsonNode quiet = reader.ask("idle " + windowMillis);
        JsonNode before = store.traffic();
        JsonNode refreshed = reader.ask("refresh " + windowMillis);
        JsonNode after = store.traffic();
        if (i >= 0) { // the first refresh is cold
          idle.add(quiet);
          busy.add(refreshed);
          bytes += PublishBenchmark.difference(before, after, "bytesSent");
          requests += PublishBenchmark.difference(before, after, "requests");
        }
      }
    }
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("users", users);
    row.put("refreshes", refreshes);
    row.put("bytes", bytes / refreshes);
    row.put("requests", (double) requests / refreshes);
    row.put("millis", median(busy, "/millis"));
    row.put("allocatedBytes", median(busy, "/allocatedBytes") - median(idle, "/allocatedBytes"));
    row.put("collections", sum(busy, "/collections") / refreshes);
    row.put("longestCollectionMillis", most(busy, "/longestCollectionMillis"));
    row.set("gapMicros", gaps(busy));
    row.set("gapMicrosWithout", gaps(idle));
    return row;
  }

  /**
   * Returns the median and the maximum of the longest gap in each window, and medians of the
   * percentiles.
   */
  private static ObjectNode gaps(List<JsonNode> windows) {
    ObjectNode gaps = JsonNodeFactory.instance.objectNode();
    for (Latencies.Percentile percentile : Latencies.PERCENTILES) {
      gaps.put(percentile.member(), median(windows, "/gapNanos/" + percentile.member()) / 1e3);
    }
    gaps.put("medianOfLongest", median(windows, "/gapNanos/most") / 1e3);
    gaps.put("longest", most(windows, "/gapNanos/most") / 1e3);
    return gaps;
  }

  /** Returns the value of the users, ten of whom differ from the revision before. */
  private static byte[] revision(int users, long revision) {
    SnapshotEncoder encoder = new SnapshotEncoder(Store.PROFILE.fields());
    int[] left = {CHANGED};
    SyntheticUsers.forEach(
        users,
        Store.PROFILE,
        (id, values) -> {
          if (left[0]-- > 0) {
            values[0] = revision % 2 == 0;
          }
          encoder.add(id, values);
        });
    return encoder.encode(revision, Values.PUBLISHED_AT);
  }

  private static double[] values(List<JsonNode> windows, String pointer) {
    return windows.stream().mapToDouble(window -> window.at(pointer).asDouble()).sorted().toArray();
  }

  private static double median(List<JsonNode> windows, String pointer) {
    return values(windows, pointer)[windows.size() / 2];
  }

  private static double most(List<JsonNode> windows, String pointer) {
    return values(windows, pointer)[windows.size() - 1];
  }

  private static double sum(List<JsonNode> windows, String pointer) {
    return Arrays.stream(values(windows, pointer)).sum();
  }

  static String text(JsonNode rows) {
    TextGrid costs =
        new TextGrid(
            "one refresh, users",
            "bytes",
            "requests",
            "ms",
            "garbage, B",
            "collections",
            "longest, ms");
    TextGrid gaps =
        new TextGrid(
            "gap between lookups, in µs", "p50", "p99", "p99.99", "longest: median", "of all");
    for (JsonNode row : rows) {
      costs.row(
          "%,d".formatted(row.get("users").asLong()),
          row.get("bytes").asLong(),
          row.get("requests").asDouble(),
          row.get("millis").asDouble(),
          row.get("allocatedBytes").asLong(),
          row.get("collections").asDouble(),
          row.get("longestCollectionMillis").asLong());
      for (String which : List.of("gapMicrosWithout", "gapMicros")) {
        JsonNode gap = row.get(which);
        gaps.row(
            "%,d users, %s"
                .formatted(
                    row.get("users").asLong(), which.equals("gapMicros") ? "refreshing" : "idle"),
            gap.get("p50").asDouble(),
            gap.get("p99").asDouble(),
            gap.get("p99_99").asDouble(),
            gap.get("medianOfLongest").asDouble(),
            gap.get("longest").asDouble());
      }
    }
    return costs + "\n" + gaps;
  }
}
