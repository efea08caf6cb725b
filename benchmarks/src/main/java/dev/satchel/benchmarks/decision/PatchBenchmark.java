package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.TextGrid;
import dev.satchel.benchmarks.Values;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What does a refresh cost against the number of users that changed, by a patch and by the value?
 *
 * <p>Data: a million typical users, of whom 10 to 100,000 get the settings of another user. The
 * reader is that of {@link RefreshBenchmark}, with every field in use. Refreshes by patch and by
 * value alternate, so that the machine's own noise is in both; all figures are medians. Bytes are
 * all that the server sends, with the metadata.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.decision.DecisionReport --again patches,cost
 * </pre>
 *
 * Expected: a patch grows with the users that changed, from about a kilobyte for ten of them; the
 * value stays as it is. Until one in a hundred users has changed, a patch takes less than half of
 * the value's time.
 */
final class PatchBenchmark {
  private static final List<Integer> CHANGED = List.of(10, 100, 1_000, 10_000, 100_000);
  private static final int HEAP_MIB = 1_024;
  private static final int WINDOW_MILLIS = 200;

  private final Trial trial;
  private final Child reader;
  private byte[] published;
  private long patchBytes;

  private PatchBenchmark(Trial trial, Child reader, byte[] published) {
    this.trial = trial;
    this.reader = reader;
    this.published = published;
  }

  static ArrayNode measure(Trial trial) throws IOException {
    int users = trial.users();
    byte[] plain = Values.satchel(Store.PROFILE, users);
    byte[] first = Values.withRevision(plain, trial.store().nextRevision());
    trial.store().putSnapshot(users, first, null);
    List<String> command =
        Programs.main(
            HEAP_MIB,
            RefreshTask.class,
            String.valueOf(users),
            String.join(",", Store.PROFILE.fields()));
    ArrayNode found = JsonNodeFactory.instance.arrayNode();
    try (Child reader = Child.start(command, trial.store().variables())) {
      reader.ask("idle 1000"); // lets the compiler warm up
      PatchBenchmark benchmark = new PatchBenchmark(trial, reader, first);
      benchmark.measure(plain, 1_000, trial.of(5, 2)); // the first refreshes are cold
      for (int changed : CHANGED) {
        if (changed <= users / 10) {
          Trial.say("patches: %,d of %,d users change", changed, users);
          found.add(benchmark.measure(plain, changed, trial.of(7, 2)));
        }
      }
    }
    return found;
  }

  private ObjectNode measure(byte[] plain, int changed, int repeats) throws IOException {
    int users = trial.users();
    byte[] other = Values.changed(Store.PROFILE, users, changed, 0, 0);
    List<JsonNode> byPatch = new ArrayList<>();
    List<JsonNode> byValue = new ArrayList<>();
    patchBytes = 0;
    for (int i = 0; i < repeats; i++) {
      byPatch.add(refresh(other, true));
      byPatch.add(refresh(plain, true));
      byValue.add(refresh(other, false));
      byValue.add(refresh(plain, false));
    }
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("users", users).put("changed", changed).put("refreshes", byPatch.size());
    row.put("patchBytes", patchBytes);
    row.set("patch", medians(byPatch));
    row.set("value", medians(byValue));
    return row;
  }

  /** Publishes the users and lets the reader follow. */
  private JsonNode refresh(byte[] content, boolean isByPatch) throws IOException {
    byte[] next = Values.withRevision(content, trial.store().nextRevision());
    byte @Nullable [] patch = null;
    if (isByPatch) {
      Optional<byte[]> made = Values.patch(published, next);
      patch = made.orElseThrow(() -> new IllegalStateException("expected a patch"));
      patchBytes = patch.length;
    }
    trial.store().putSnapshot(trial.users(), next, patch);
    published = next;
    JsonNode before = trial.store().traffic();
    ObjectNode refreshed = (ObjectNode) reader.ask("refresh " + WINDOW_MILLIS);
    JsonNode after = trial.store().traffic();
    long bytes = PublishBenchmark.difference(before, after, "bytesSent");
    if (isByPatch == bytes > next.length) {
      throw new IllegalStateException("expected a refresh by patch: " + isByPatch + ", " + bytes);
    }
    return refreshed.put("bytes", bytes);
  }

  private static ObjectNode medians(List<JsonNode> refreshes) {
    ObjectNode medians = JsonNodeFactory.instance.objectNode();
    for (String member : List.of("bytes", "millis", "allocatedBytes")) {
      double[] sorted =
          refreshes.stream().mapToDouble(one -> one.get(member).asDouble()).sorted().toArray();
      medians.put(member, sorted[sorted.length / 2]);
    }
    return medians;
  }

  static String text(JsonNode rows) {
    TextGrid grid =
        new TextGrid(
            "users that changed",
            "of",
            "patch, B",
            "fetched, B",
            "by value, B",
            "ms",
            "by value, ms",
            "garbage, B",
            "by value, B");
    for (JsonNode row : rows) {
      List<Object> cells = new ArrayList<>();
      cells.add("%,d".formatted(row.get("changed").asLong()));
      cells.add(row.get("users").asLong());
      cells.add(row.get("patchBytes").asLong());
      for (String member : List.of("bytes", "millis", "allocatedBytes")) {
        for (String kind : List.of("patch", "value")) {
          double value = row.get(kind).get(member).asDouble();
          cells.add(member.equals("millis") ? (Object) value : (Object) Math.round(value));
        }
      }
      grid.row(cells.toArray());
    }
    return grid.toString();
  }

  /** Returns the row of a number of changed users. */
  static JsonNode row(JsonNode rows, int changed) {
    return IntStream.range(0, rows.size())
        .mapToObj(rows::get)
        .filter(row -> row.get("changed").asInt() == changed)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("expected a row of " + changed + " changes"));
  }
}
