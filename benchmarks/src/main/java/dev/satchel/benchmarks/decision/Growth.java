package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.TextGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** How the measurements grow with the number of users. */
final class Growth {
  private final JsonNode report;
  private final ArrayNode found = JsonNodeFactory.instance.arrayNode();

  private Growth(JsonNode report) {
    this.report = report;
  }

  /** Returns one entry for each measure that the report has for two sizes at least. */
  static ArrayNode of(JsonNode report) {
    Growth growth = new Growth(report);
    growth.add(
        "lookup in a snapshot",
        "ns",
        "read",
        row -> isPlain(row, "snapshot"),
        Growth::nanosPerLookup);
    growth.add(
        "lookup of a pair, no network",
        "ns",
        "read",
        row -> isPlain(row, "per_key"),
        Growth::nanosPerLookup);
    growth.add("publishing a snapshot", "s", "publish", row -> isFirst(row, "snapshot"), seconds());
    growth.add("publishing pairs", "s", "publish", row -> isFirst(row, "per-key"), seconds());
    growth.add(
        "bytes sent for a snapshot",
        "B",
        "publish",
        row -> isFirst(row, "snapshot"),
        of("bytesSent"));
    growth.add(
        "bytes sent for pairs", "B", "publish", row -> isFirst(row, "per-key"), of("bytesSent"));
    growth.add("refresh of a reader", "ms", "refresh", row -> true, of("millis"));
    growth.add(
        "start, snapshot from KV", "s", "start", row -> isFrom(row, "snapshot from KV"), seconds());
    growth.add("start, JSON", "s", "start", row -> isFrom(row, "JSON"), seconds());
    growth.add(
        "dollars, pairs each hour",
        "$ a month",
        "cost",
        row -> isBill(row, "per_key"),
        of("dollarsPerMonth"));
    return growth.found;
  }

  private static boolean isPlain(JsonNode row, String path) {
    return row.get("path").asText().equals(path)
        && row.get("userIds").asText().equals("uniform")
        && row.get("delayMillis").asInt() == 0;
  }

  private static boolean isFirst(JsonNode row, String layout) {
    return row.get("layout").asText().equals(layout) && row.get("change").asText().equals("all");
  }

  private static boolean isFrom(JsonNode row, String from) {
    return row.get("from").asText().startsWith(from);
  }

  private static boolean isBill(JsonNode row, String layout) {
    return row.get("layout").asText().equals(layout)
        && row.get("publishedEverySeconds").asLong() == 3_600
        && row.get("readers").asInt() == 10;
  }

  private static double nanosPerLookup(JsonNode row) {
    return 1e9 / row.get("perSecond1").asDouble();
  }

  private static ToDoubleFunction<JsonNode> seconds() {
    return of("seconds");
  }

  private static ToDoubleFunction<JsonNode> of(String member) {
    return row -> row.get(member).asDouble();
  }

  private void add(
      String name,
      String unit,
      String part,
      Predicate<JsonNode> which,
      ToDoubleFunction<JsonNode> value) {
    List<JsonNode> rows = new ArrayList<>();
    report
        .path(part)
        .forEach(
            row -> {
              if (which.test(row) && value.applyAsDouble(row) > 0) {
                rows.add(row);
              }
            });
    if (rows.size() < 2) {
      return;
    }
    rows.sort((a, b) -> Integer.compare(users(a), users(b)));
    double[] x = rows.stream().mapToDouble(Growth::users).toArray();
    double[] y = rows.stream().mapToDouble(value).toArray();
    PowerLaw law = PowerLaw.fit(x, y);
    ObjectNode entry = found.addObject();
    entry.put("measure", name);
    entry.put("unit", unit);
    ArrayNode points = entry.putArray("points");
    for (int i = 0; i < x.length; i++) {
      points.addObject().put("users", (long) x[i]).put("value", y[i]);
    }
    entry.put("slope", law.slope());
    int last = x.length - 1;
    PowerLaw lastStep =
        PowerLaw.fit(new double[] {x[last - 1], x[last]}, new double[] {y[last - 1], y[last]});
    entry.put("slopeOfLastStep", lastStep.slope());
    entry.put("inWords", law.inWords());
  }

  private static int users(JsonNode row) {
    return row.get("users").asInt();
  }

  static String text(JsonNode growth) {
    TextGrid grid =
        new TextGrid("with the number of users", "from", "to", "unit", "last slope", "it");
    for (JsonNode entry : growth) {
      JsonNode points = entry.get("points");
      grid.row(
          entry.get("measure").asText(),
          points.get(0).get("value").asDouble(),
          points.get(points.size() - 1).get("value").asDouble(),
          entry.get("unit").asText(),
          entry.get("slopeOfLastStep").asDouble(),
          entry.get("inWords").asText());
    }
    return grid.toString();
  }
}
