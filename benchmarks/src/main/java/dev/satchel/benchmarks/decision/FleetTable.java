package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.TextGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many processes can read a snapshot in each way, what does that cost in a month, and when does
 * the last of them have a change?
 *
 * <p>Data: computed by {@link ReadingWay} from Cloudflare's prices and limits and from the times of
 * the shipped configurations; nothing is measured. The inputs are printed with the table.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.decision.DecisionReport --redraw
 * </pre>
 *
 * Expected: the REST API alone ends at about 200 processes; behind nginx the number of processes
 * does not matter to Cloudflare; the Worker has no limit and costs by the process.
 */
final class FleetTable {
  private static final List<Integer> PROCESSES = List.of(10, 100, 1_000, 10_000, 100_000);

  private FleetTable() {}

  static ArrayNode compute() {
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    for (ReadingWay way : ReadingWay.values()) {
      for (int processes : PROCESSES) {
        ObjectNode row = rows.addObject();
        row.put("way", way.name().toLowerCase(Locale.ROOT));
        row.put("label", way.label());
        row.put("processes", processes);
        row.put("fits", way.fits(processes));
        row.put("requestsInFiveMinutes", Math.round(way.requestsInFiveMinutes(processes)));
        row.put("dollarsPerMonth", way.dollars(processes));
        row.put("lastProcessSeconds", way.secondsToTheLast());
      }
    }
    return rows;
  }

  static String text(JsonNode rows) {
    return grid("fits, and $ a month", rows, FleetTable::dollars)
        + "\n"
        + grid(
            "requests to Cloudflare in 5 minutes",
            rows,
            row -> row.get("requestsInFiveMinutes").asLong())
        + "\n"
        + inputs();
  }

  private interface Cell {
    Object of(JsonNode row);
  }

  private static Object dollars(JsonNode row) {
    return row.get("fits").asBoolean() ? (Object) row.get("dollarsPerMonth").asDouble() : "no";
  }

  private static String grid(String title, JsonNode rows, Cell cell) {
    List<String> heads = new ArrayList<>(List.of(title, "last process, s"));
    PROCESSES.forEach(count -> heads.add(String.format(Locale.ROOT, "%,d", count)));
    TextGrid grid = new TextGrid(heads.toArray(String[]::new));
    for (int i = 0; i < rows.size(); i += PROCESSES.size()) {
      List<Object> cells = new ArrayList<>();
      cells.add(rows.get(i).get("label").asText());
      long seconds = rows.get(i).get("lastProcessSeconds").asLong();
      cells.add(seconds == 0 ? "–" : (Object) seconds);
      for (int column = 0; column < PROCESSES.size(); column++) {
        cells.add(cell.of(rows.get(i + column)));
      }
      grid.row(cells.toArray());
    }
    return grid.toString();
  }

  /** Returns what the figures are computed from. */
  static String inputs() {
    return String.format(
        Locale.ROOT,
        """
        Computed, not measured. KV as above; Workers by %s as read on %s: 10 million
        requests and 30 million ms of CPU time included, then $0.30 and $0.02 a million; %d ms for a request.
        Each process polls every %d s, give or take a tenth; a publication each hour, which is one fetch for
        each process and 7 requests of the publisher. "Fits": the REST API gets at most %,d requests in the
        five minutes of a publication. One nginx, which asks every %d s. A CDN before the Worker: %d
        locations, which ask every %d s. The last process has a change at the latest after: KV, %d s; the
        Worker's cache of KV, %d s; a cache, %d s, and for nginx a poll that makes it ask and a second of its
        clock; then the poll of that process. At the publisher's port up to %,d requests wait, and cost
        Cloudflare nothing; fleet.txt has how soon it answers.
        """,
        CloudflarePrices.WORKERS_SOURCE,
        CloudflarePrices.WORKERS_READ_ON,
        ReadingWay.CPU_MILLIS,
        Workload.POLL.toSeconds(),
        CloudflarePrices.REQUESTS_IN_FIVE_MINUTES,
        ReadingWay.CACHE.toSeconds(),
        ReadingWay.LOCATIONS,
        ReadingWay.CACHE.toSeconds(),
        ReadingWay.KV_EVERYWHERE.toSeconds(),
        ReadingWay.WORKER_KV_CACHE.toSeconds(),
        ReadingWay.CACHE.toSeconds(),
        ReadingWay.WAITING_AT_THE_PORT);
  }
}
