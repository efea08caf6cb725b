package dev.satchel.benchmarks.figures;

import com.fasterxml.jackson.databind.JsonNode;
import dev.satchel.benchmarks.decision.DecisionReport;
import java.util.Locale;

/** A block of a Markdown file that shows part of a recorded run, as Markdown. */
enum Block {
  /** The four figures of the first page. */
  HEADLINE,
  /** Size, opening and lookups of the format, compared with its peers. */
  FORMAT,
  /** One snapshot compared with one pair for each user. */
  DECISION,
  /** When which of the two is the better choice. */
  VERDICT,
  /** A refresh against the number of users that changed, by a patch and by the value. */
  PATCHES,
  /** How many processes fit in each way of reading, and what they cost. */
  FLEET,
  /** Lookups where memory is far, cold openings and publishing, quiet and busy. */
  BUSY,
  /** An hour of everything at work, with faults. */
  SOAK;

  /**
   * Returns the block of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Block named(String name) {
    for (Block block : values()) {
      if (block.name().toLowerCase(Locale.ROOT).equals(name)) {
        return block;
      }
    }
    throw new IllegalArgumentException(
        "expected figures of headline, format, decision, verdict, patches, fleet, busy or soak but found "
            + name);
  }

  /** Returns the block's Markdown, with a line break at its end. */
  String markdown(Results results) {
    return switch (this) {
      case HEADLINE -> HeadlineTable.of(results);
      case FORMAT -> FormatTable.of(results.of("format"));
      case DECISION -> DecisionTable.of(results.of("decision"));
      case VERDICT -> DecisionTable.verdict(results.of("decision"));
      case PATCHES -> DecisionTable.patches(results.of("decision"));
      case FLEET -> FleetBlock.of(results.of("decision").get("fleet"));
      case BUSY -> BusyTable.of(results.of("busy"));
      case SOAK -> SoakTable.of(results.of("soak"));
    };
  }

  /** Returns such a line for a part, which may have been measured after the rest of its run. */
  static String source(JsonNode part, JsonNode run) {
    return source(part.has("machine") ? part : run);
  }

  /**
   * Returns a last line that says when and on what a run was measured, and which parts of it later.
   */
  static String source(JsonNode run) {
    JsonNode machine = run.get("machine");
    StringBuilder later = new StringBuilder();
    run.path(DecisionReport.AGAIN)
        .properties()
        .forEach(
            part ->
                later.append(
                    "; %s again %s"
                        .formatted(part.getKey(), date(part.getValue().get("machine")))));
    return "\nMeasured %s on %s, %d processors, JDK %s%s.\n"
        .formatted(
            date(machine),
            machine.get("processor").asText(),
            machine.get("processors").asInt(),
            machine.get("jdk").asText().replaceAll(".* (\\d[^ ]*?)[+-].*", "$1"),
            later);
  }

  private static String date(JsonNode machine) {
    return machine.get("date").asText().substring(0, 10);
  }

  /**
   * Formats a number with three significant digits, or as a whole number if it is one or is at
   * least 100.
   */
  static String number(double value) {
    double size = Math.abs(value);
    String form =
        size >= 100 || value == Math.rint(value)
            ? "%,.0f"
            : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, form, value);
  }
}
