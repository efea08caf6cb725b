package dev.satchel.benchmarks.figures;

import com.fasterxml.jackson.databind.JsonNode;
import dev.satchel.benchmarks.decision.DecisionReport;
import java.util.List;
import java.util.Map;

/** The decision's figures, at the largest number of users that was measured. */
final class DecisionTable {
  private final JsonNode run;
  private final StringBuilder table = new StringBuilder();
  private final String users;

  private DecisionTable(JsonNode run) {
    this.run = run;
    long most = 0;
    for (JsonNode row : run.get("read")) {
      most = Math.max(most, row.get("users").asLong());
    }
    users = String.valueOf(most);
  }

  static String of(JsonNode run) {
    DecisionTable all = new DecisionTable(run);
    all.line(
        "%,d users".formatted(Long.parseLong(all.users)), "one snapshot", "one pair for each user");
    all.line("---", "--:", "--:");
    all.reads();
    all.publications();
    all.rest();
    return all.table + Block.source(run);
  }

  static String verdict(JsonNode run) {
    StringBuilder list = new StringBuilder();
    run.get("verdict")
        .get("sentences")
        .forEach(sentence -> list.append("- ").append(sentence.asText()).append('\n'));
    return list.toString();
  }

  /** What a refresh costs against the number of users that changed. */
  static String patches(JsonNode run) {
    StringBuilder rows = new StringBuilder();
    JsonNode of = run.get("patches").get(0).get("users");
    rows.append(
        "| of %,d users change | fetched, bytes | by the value | ms | by the value | garbage, bytes | by the value |\n"
            .formatted(of.asLong()));
    rows.append("| --: | --: | --: | --: | --: | --: | --: |\n");
    for (JsonNode row : run.get("patches")) {
      rows.append("| %,d".formatted(row.get("changed").asLong()));
      for (String member : List.of("bytes", "millis", "allocatedBytes")) {
        rows.append(" | ").append(value(row.get("patch"), member));
        rows.append(" | ").append(value(row.get("value"), member));
      }
      rows.append(" |\n");
    }
    return rows + Block.source(run.path(DecisionReport.AGAIN).path("patches"), run);
  }

  private void line(String head, String snapshot, String pairs) {
    table.append("| ").append(String.join(" | ", head, snapshot, pairs)).append(" |\n");
  }

  private void reads() {
    JsonNode snapshot = read("snapshot", "0");
    JsonNode pair = read("per_key", "10");
    line("one lookup, median, µs (pairs: + 10 ms)", micros(snapshot, "p50"), micros(pair, "p50"));
    line("99.9 % are faster than, µs", micros(snapshot, "p99_9"), micros(pair, "p99_9"));
    line("lookups a second, one thread", value(snapshot, "perSecond1"), value(pair, "perSecond1"));
    line("B allocated for one", value(snapshot, "bytesPerLookup"), value(pair, "bytesPerLookup"));
  }

  private JsonNode read(String path, String delayMillis) {
    return Figures.first(
        run.get("read"),
        Map.of("path", path, "userIds", "uniform", "users", users, "delayMillis", delayMillis));
  }

  private static String micros(JsonNode read, String member) {
    JsonNode nanos = read.get("nanos").get(member);
    return nanos == null ? "–" : Block.number(nanos.asDouble() / 1e3);
  }

  private void publications() {
    JsonNode snapshot = publish("snapshot");
    JsonNode pairs = publish("per-key");
    line("publishing, s", value(snapshot, "seconds"), value(pairs, "seconds"));
    line("bytes sent for it", value(snapshot, "bytesSent"), value(pairs, "bytesSent"));
    line(
        "KV writes billed for it (a patch is one more)",
        value(snapshot, "kvWrites"),
        value(pairs, "kvWrites"));
  }

  private JsonNode publish(String layout) {
    return Figures.first(
        run.get("publish"), Map.of("layout", layout, "change", "all", "users", users));
  }

  private void rest() {
    JsonNode refresh = Figures.first(run.get("refresh"), Map.of("users", users));
    JsonNode patch = Figures.first(run.get("patches"), Map.of("changed", "10")).get("patch");
    line("ten changed users at a reader, by a patch, ms", value(patch, "millis"), "–");
    line("bytes that it fetches", value(patch, "bytes"), "–");
    line("the same by the whole value, ms", value(refresh, "millis"), "–");
    line("bytes that it fetches", value(refresh, "bytes"), "–");
    line(
        "process start to first answer, s",
        value(
            Figures.first(run.get("start"), Map.of("users", users, "from", "snapshot from KV")),
            "seconds"),
        "–");
    if (!run.path("page").isEmpty()) {
      line("pages a second (pairs: + 10 ms)", page("page, snapshot"), page("page, pair + 10 ms"));
    }
    line("$ a month, each hour, 100 readers", bill(run, "snapshot"), bill(run, "per_key"));
  }

  private String page(String name) {
    return value(Figures.first(run.get("page"), Map.of("name", name)), "perSecond");
  }

  /** Dollars a month for a million users, published each hour to 100 readers. */
  static String bill(JsonNode run, String layout) {
    return value(
        Figures.first(
            run.get("cost"),
            Map.of(
                "layout",
                layout,
                "users",
                "1000000",
                "readers",
                "100",
                "publishedEverySeconds",
                "3600")),
        "dollarsPerMonth");
  }

  private static String value(JsonNode row, String member) {
    return Block.number(row.get(member).asDouble());
  }
}
