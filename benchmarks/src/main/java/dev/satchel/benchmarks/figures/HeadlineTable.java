package dev.satchel.benchmarks.figures;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** The four figures of the first page, each with what one would have instead. */
final class HeadlineTable {
  private static final String PROFILE = "typical";

  private final JsonNode format;
  private final JsonNode decision;
  private final StringBuilder table = new StringBuilder();

  private HeadlineTable(Results results) {
    format = results.of("format");
    decision = results.of("decision");
  }

  static String of(Results results) {
    HeadlineTable all = new HeadlineTable(results);
    all.line("1,000,000 users with seven settings each", "Satchel", "instead of");
    all.line("---", "--:", "---");
    all.size();
    all.opening();
    all.lookup();
    all.bill();
    return all.table + Block.source(all.format);
  }

  private void size() {
    JsonNode size = Figures.first(format.get("size").get("profiles"), Map.of("profile", PROFILE));
    line(
        "size in KV, bytes for each user",
        number(size, "valueBytesPerUser"),
        number(size, "jsonZstd3BytesPerUser") + " as JSON lines with zstd -3");
  }

  private void opening() {
    line(
        "opening and checking the value, ms",
        opening("satchel_announced"),
        opening("hash_map") + " from JSON to a `HashMap`");
  }

  private String opening(String opening) {
    return number(
        FormatTable.jmh(
            format, "OpenBenchmark.open", Map.of("opening", opening, "profile", PROFILE)),
        "score");
  }

  private void lookup() {
    line("one lookup by UUID, ns", lookup("satchel"), lookup("hash_map") + " in a `HashMap`");
  }

  private String lookup(String contender) {
    return number(
        FormatTable.jmh(
            format, "LookupBenchmark.byUuid", Map.of("contender", contender, "outcome", "hit")),
        "score");
  }

  private void bill() {
    line(
        "KV for 100 readers, published each hour, $ a month",
        DecisionTable.bill(decision, "snapshot"),
        DecisionTable.bill(decision, "per_key") + " with one pair for each user");
  }

  private static String number(JsonNode row, String member) {
    return Block.number(row.get(member).asDouble());
  }

  private void line(String head, String satchel, String instead) {
    table.append("| ").append(String.join(" | ", head, satchel, instead)).append(" |\n");
  }
}
