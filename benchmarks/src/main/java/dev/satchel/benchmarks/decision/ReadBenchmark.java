package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.TextGrid;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * What does one lookup of one boolean cost an application: in a snapshot, as a KV pair read over a
 * socket, as the same pair with the delay of a network, and behind a cache of 60 s?
 *
 * <p>Data: a million typical users, asked for by the text of their id, uniformly or by Zipf's law
 * with s = 1; ids are drawn before measuring. Each row runs in a JVM of its own, the KV server in
 * another. Percentiles are of single lookups timed one by one, so those of nanoseconds include the
 * cost of the clock, which the row {@code NOTHING} shows; throughput is counted without a clock
 * between the lookups of a block of 64, and bytes are what all threads of the process allocated
 * meanwhile. The cache's time is counted in lookups, 1 ms each: the hit rate is that of an
 * application with 1,000 lookups a second, however fast they come here.
 *
 * <p>Delays: 10 ms, the upper end of what Cloudflare states for keys that are read often, 0.5 to 10
 * ms inside a Worker (developers.cloudflare.com/workers/platform/storage-options), and 100 ms, the
 * average from which, according to its support, a cold read starts (quoted in
 * mpasierbski.com/post/2019-11-17-cloudflare-workers-kv-caveats). With a delay, many lookups are in
 * progress at once while latencies are taken, to have enough samples.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.decision.DecisionReport --only read
 * </pre>
 *
 * Expected: the snapshot below a microsecond up to the 99.9th percentile, without garbage, at twice
 * the throughput with two threads; a pair at tens of microseconds and more without any network, and
 * at the delay with one; the cache no better than a pair for uniform ids.
 */
final class ReadBenchmark {
  /** A row: the path, the users asked for, the number of threads at once, and the delay. */
  private record Row(ReadPath path, UserIds userIds, int inFlight, int delayMillis) {}

  private static final int HOT_READ_MILLIS = 10;
  private static final int COLD_READ_MILLIS = 100;

  private static final List<Row> ROWS =
      List.of(
          new Row(ReadPath.NOTHING, UserIds.UNIFORM, 1, 0),
          new Row(ReadPath.SNAPSHOT, UserIds.UNIFORM, 1, 0),
          new Row(ReadPath.SNAPSHOT, UserIds.ZIPF, 1, 0),
          new Row(ReadPath.PER_KEY, UserIds.UNIFORM, 1, 0),
          new Row(ReadPath.CACHED, UserIds.UNIFORM, 1, 0),
          new Row(ReadPath.CACHED, UserIds.ZIPF, 1, 0),
          new Row(ReadPath.PER_KEY, UserIds.UNIFORM, 32, HOT_READ_MILLIS),
          new Row(ReadPath.CACHED, UserIds.UNIFORM, 32, HOT_READ_MILLIS),
          new Row(ReadPath.CACHED, UserIds.ZIPF, 32, HOT_READ_MILLIS),
          new Row(ReadPath.PER_KEY, UserIds.UNIFORM, 208, COLD_READ_MILLIS));

  private static final int HEAP_MIB = 1_536;

  private ReadBenchmark() {}

  static ArrayNode measure(Trial trial) throws IOException {
    ArrayNode found = JsonNodeFactory.instance.arrayNode();
    trial.store().ensurePairs(trial.users());
    for (Row row : ROWS) {
      found.add(measure(trial, row, trial.users(), trial.of(5_000, 500)));
    }
    for (int users : trial.sizes()) {
      if (users != trial.users()) {
        for (Row row : List.of(ROWS.get(1), ROWS.get(3))) {
          found.add(measure(trial, row, users, trial.of(1_500, 400)));
        }
      }
    }
    return found;
  }

  private static ObjectNode measure(Trial trial, Row row, int users, int phaseMillis)
      throws IOException {
    Trial.say("read: %s of %,d users", row, users);
    Store store = trial.store();
    store.ensureSnapshot(users);
    store.delayReads(row.path == ReadPath.SNAPSHOT ? 0 : row.delayMillis);
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    found.put("path", row.path.name().toLowerCase(Locale.ROOT));
    found.put("userIds", row.userIds.name().toLowerCase(Locale.ROOT));
    found.put("users", users);
    found.put("delayMillis", row.delayMillis);
    found.put("inFlight", row.inFlight);
    List<String> command =
        Programs.main(
            HEAP_MIB,
            ReadTask.class,
            row.path.name(),
            row.userIds.name(),
            String.valueOf(users),
            String.valueOf(row.inFlight),
            String.valueOf(phaseMillis));
    try (Child task = Child.start(command, store.variables())) {
      found.setAll((ObjectNode) task.answer());
    } finally {
      store.delayReads(0);
    }
    if (row.path == ReadPath.CACHED) {
      found.put(
          "hitRateComputed",
          row.userIds.hitRate(
              users, ReadPath.CACHED_LOOKUPS_PER_SECOND, (double) ReadPath.CACHE_TTL.toSeconds()));
      found.put("cacheEntries", ReadPath.CACHE_ENTRIES);
    }
    return found;
  }

  /** Describes a row in words. */
  static String name(JsonNode row) {
    String path =
        switch (row.get("path").asText()) {
          case "nothing" -> "nothing (the clock alone)";
          case "snapshot" -> "snapshot";
          case "per_key" -> "pair";
          default -> "pair behind a 60 s cache";
        };
    int delay = row.get("delayMillis").asInt();
    return path
        + (row.get("path").asText().equals("nothing") ? "" : ", " + row.get("userIds").asText())
        + (delay == 0 ? "" : ", + " + delay + " ms");
  }

  static String text(JsonNode rows) {
    TextGrid latencies =
        new TextGrid(
            "one lookup, in µs",
            "users",
            "p50",
            "p90",
            "p99",
            "p99.9",
            "p99.99",
            "most",
            "samples");
    TextGrid rates =
        new TextGrid(
            "lookups a second", "users", "1 thread", "2 threads", "B a lookup", "hits", "computed");
    for (JsonNode row : rows) {
      JsonNode nanos = row.get("nanos");
      latencies.row(
          name(row),
          row.get("users").asLong(),
          micros(nanos, "p50"),
          micros(nanos, "p90"),
          micros(nanos, "p99"),
          micros(nanos, "p99_9"),
          micros(nanos, "p99_99"),
          micros(nanos, "most"),
          nanos.get("samples").asLong());
      rates.row(
          name(row),
          row.get("users").asLong(),
          Math.round(row.get("perSecond1").asDouble()),
          Math.round(row.get("perSecond2").asDouble()),
          row.get("bytesPerLookup").asDouble(),
          row.has("hitRate") ? row.get("hitRate").asDouble() : "",
          row.has("hitRateComputed") ? row.get("hitRateComputed").asDouble() : "");
    }
    return latencies + "\n" + rates;
  }

  private static Object micros(JsonNode nanos, String member) {
    return nanos.has(member) ? nanos.get(member).asDouble() / 1e3 : "–";
  }
}
