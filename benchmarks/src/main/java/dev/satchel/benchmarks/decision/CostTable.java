package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.TextGrid;
import dev.satchel.benchmarks.Values;
import dev.satchel.publisher.seed.SyntheticUsers;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What does each layout cost in a month by Cloudflare's published prices, and what share does it
 * take of the requests that the REST API allows an account?
 *
 * <p>Data: computed by {@link Workload}; only the bytes of the typical users are measured. The
 * assumptions are printed with the table.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.decision.DecisionReport --only cost
 * </pre>
 *
 * Expected: writing all pairs each time grows with the product of users and publications; the
 * snapshot costs next to nothing except for the history it keeps; readers of pairs use up the REST
 * API's requests first.
 */
final class CostTable {
  private static final List<Integer> USERS = List.of(10_000, 100_000, 1_000_000);
  private static final List<Duration> EVERY = List.of(Duration.ofHours(1), Duration.ofMinutes(1));
  private static final List<Integer> READERS = List.of(10, 100, 1_000);

  private CostTable() {}

  static ArrayNode compute() {
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    for (int users : USERS) {
      Trial.say("cost: %,d users", users);
      long snapshotBytes = Values.satchel(Store.PROFILE, users).length;
      double pairBytes = pairBytes(users);
      for (Duration every : EVERY) {
        for (int readers : READERS) {
          Workload load = new Workload(users, every, readers, snapshotBytes, pairBytes);
          for (Workload.Layout layout : Workload.Layout.values()) {
            Workload.Usage month = load.use(layout);
            ObjectNode row = rows.addObject();
            row.put("users", users);
            row.put("publishedEverySeconds", every.toSeconds());
            row.put("readers", readers);
            row.put("layout", layout.name().toLowerCase(Locale.ROOT));
            row.put("readsPerMonth", Math.round(month.reads()));
            row.put("writesPerMonth", Math.round(month.writes()));
            row.put("storedBytes", Math.round(month.storedBytes()));
            row.put("dollarsPerMonth", load.dollars(layout));
            row.put("requestsInFiveMinutes", load.requestsInFiveMinutes(layout));
          }
        }
      }
    }
    return rows;
  }

  /** Returns the average bytes of a key and its value. */
  private static double pairBytes(int users) {
    List<String> names = Store.PROFILE.fields();
    long[] bytes = {0};
    SyntheticUsers.forEach(
        users,
        Store.PROFILE,
        (id, values) -> {
          JsonObject user = new JsonObject();
          for (int i = 0; i < values.length; i++) {
            user.put(names.get(i), values[i]);
          }
          bytes[0] +=
              id.toString().length() + user.encode().getBytes(StandardCharsets.UTF_8).length;
        });
    return (double) bytes[0] / users;
  }

  /** Returns the assumptions behind the figures. */
  static String assumptions() {
    return """
        Prices of %s as read on %s, paid plan without its base fee: 10 million reads,
        1 million writes and 1 GB included, then $0.50 and $5.00 a million and $0.50 a GB-month; a pair
        of a bulk write is a write. REST API: %,d requests in 5 minutes for an account.
        Month of 30 days; each publication has changed something; readers use the REST API. A reader
        of the snapshot polls every %d s and fetches what is new, as a patch or as the value, which is
        one read; a publication is %d writes (patch, copy, key) and 4 reads. Patches expire by
        themselves after a day; their bytes are not counted.
        A reader of pairs makes %.0f lookups a second, Zipf s = 1, behind a cache of %d s.
        "Only the changed": a publisher that knows who changed, each user once in %d days.
        """
        .formatted(
            CloudflarePrices.SOURCE,
            CloudflarePrices.READ_ON,
            CloudflarePrices.REQUESTS_IN_FIVE_MINUTES,
            Workload.POLL.toSeconds(),
            Workload.SNAPSHOT_WRITES,
            Workload.LOOKUPS_PER_SECOND,
            Workload.CACHE_TTL.toSeconds(),
            Workload.USER_CHANGES_EVERY.toDays());
  }

  static String text(JsonNode rows) {
    return grid("dollars a month", "dollarsPerMonth", rows)
        + "\n"
        + grid("REST requests in 5 minutes (1,200 allowed)", "requestsInFiveMinutes", rows)
        + "\n"
        + assumptions();
  }

  private static String grid(String title, String member, JsonNode rows) {
    Workload.Layout[] layouts = Workload.Layout.values();
    List<String> heads = new ArrayList<>(List.of(title, "published", "readers"));
    for (Workload.Layout layout : layouts) {
      heads.add(layout.label());
    }
    TextGrid grid = new TextGrid(heads.toArray(String[]::new));
    for (int i = 0; i < rows.size(); i += layouts.length) {
      JsonNode row = rows.get(i);
      List<Object> cells = new ArrayList<>();
      cells.add("%,d users".formatted(row.get("users").asLong()));
      cells.add(row.get("publishedEverySeconds").asLong() == 60 ? "each minute" : "each hour");
      cells.add(row.get("readers").asLong());
      for (int layout = 0; layout < layouts.length; layout++) {
        double value = rows.get(i + layout).get(member).asDouble();
        cells.add(member.equals("dollarsPerMonth") ? (Object) value : (Object) Math.round(value));
      }
      grid.row(cells.toArray());
    }
    return grid.toString();
  }
}
