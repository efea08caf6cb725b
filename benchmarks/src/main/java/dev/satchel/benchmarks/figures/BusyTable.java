package dev.satchel.benchmarks.figures;

import com.fasterxml.jackson.databind.JsonNode;
import dev.satchel.benchmarks.Contender;
import dev.satchel.benchmarks.busy.BusyGoals;
import java.util.List;

/** Lookups where memory is far, and the goals, on a quiet machine and on a busy one. */
final class BusyTable {
  private static final String CELLS = "| --- | --: | --: | --: | --: | --: | --: |\n";

  private BusyTable() {}

  static String of(JsonNode run) {
    BusyGoals goals = new BusyGoals(run);
    StringBuilder table = new StringBuilder();
    table.append(
        "| one lookup by UUID, ns | far lines | in turn | cold | busy | 16 in flight | busy |\n");
    table.append(CELLS);
    for (BusyGoals.Row row : goals.rows()) {
      if (row.ids().equals("uuid")) {
        table.append(
            "| %s | %d | %d | %s | %s | %s | %s |\n"
                .formatted(
                    name(row.contender()),
                    row.contender().farLines(),
                    row.contender().farLinesInTurn(),
                    first(row.quiet()),
                    first(row.busy()),
                    last(row.quiet()),
                    last(row.busy())));
      }
    }
    table.append("\n| cold, by other ids, ns | Satchel | busy | table | busy | map | busy |\n");
    table.append(CELLS);
    List<BusyGoals.Row> others =
        goals.rows().stream().filter(row -> !row.ids().equals("uuid")).toList();
    for (int i = 0; i < others.size(); i += 3) {
      table.append("| ").append(others.get(i).ids().replace('_', ' '));
      for (BusyGoals.Row row : others.subList(i, i + 3)) {
        table.append(" | ").append(first(row.quiet())).append(" | ").append(first(row.busy()));
      }
      table.append(" |\n");
    }
    table.append("\n| | goal | quiet | busy |\n| --- | --: | --: | --: |\n");
    for (BusyGoals.Goal goal : goals.goals()) {
      table.append(
          "| %s | %s | %s | %s |\n"
              .formatted(
                  goal.name(),
                  goal.goal().replace("<=", "≤").replace(">=", "≥"),
                  Block.number(goal.quiet()),
                  Block.number(goal.busy())));
    }
    return table + Block.source(run);
  }

  private static String name(Contender contender) {
    return switch (contender) {
      case SATCHEL -> "Satchel, a field's handle";
      case TABLE -> "plain table of longs";
      case HASH_MAP -> "HashMap";
      case HOLLOW -> "Netflix Hollow";
      case SPARKEY -> "Sparkey";
      default -> throw new IllegalArgumentException("expected a contender of the report");
    };
  }

  private static String first(List<Double> nanos) {
    return Block.number(nanos.get(0));
  }

  private static String last(List<Double> nanos) {
    return Block.number(nanos.get(nanos.size() - 1));
  }
}
