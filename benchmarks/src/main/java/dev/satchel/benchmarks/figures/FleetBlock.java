package dev.satchel.benchmarks.figures;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** For each way of reading and number of processes: what it costs, or that it does not fit. */
final class FleetBlock {
  private FleetBlock() {}

  static String of(JsonNode rows) {
    Map<String, StringBuilder> lines = new LinkedHashMap<>();
    var heads = new StringBuilder("| $ a month, of processes | last one, s |");
    var rule = new StringBuilder("| --- | --: |");
    String first = rows.get(0).get("way").asText();
    for (JsonNode row : rows) {
      if (row.get("way").asText().equals(first)) {
        heads.append(String.format(Locale.ROOT, " %,d |", row.get("processes").asLong()));
        rule.append(" --: |");
      }
      lines
          .computeIfAbsent(
              row.get("label").asText(),
              label -> new StringBuilder("| %s | %s |".formatted(label, seconds(row))))
          .append(' ')
          .append(
              row.get("fits").asBoolean()
                  ? Block.number(row.get("dollarsPerMonth").asDouble())
                  : "no")
          .append(" |");
    }
    return heads + "\n" + rule + "\n" + String.join("\n", lines.values()) + "\n";
  }

  private static String seconds(JsonNode row) {
    long seconds = row.get("lastProcessSeconds").asLong();
    return seconds == 0 ? "–" : String.valueOf(seconds);
  }
}
