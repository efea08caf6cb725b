package dev.satchel.benchmarks.figures;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** What a block of a Markdown file shows of a recorded run, as Markdown. */
enum Block {
  /** The four figures of the first page. */
  HEADLINE,
  /** Size, opening and lookups of the format, beside its peers. */
  FORMAT,
  /** One snapshot beside one pair for each user. */
  DECISION,
  /** When which of them is the better choice. */
  VERDICT,
  /** An hour of everything at work, with faults. */
  SOAK;

  /**
   * The block of this name.
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
        "expected figures of headline, format, decision, verdict or soak but found " + name);
  }

  /** Its Markdown, with a line's end behind it. */
  String markdown(Results results) {
    return switch (this) {
      case HEADLINE -> HeadlineTable.of(results);
      case FORMAT -> FormatTable.of(results.of("format"));
      case DECISION -> DecisionTable.of(results.of("decision"));
      case VERDICT -> DecisionTable.verdict(results.of("decision"));
      case SOAK -> SoakTable.of(results.of("soak"));
    };
  }

  /** On what and when a run was measured, as a last line. */
  static String source(JsonNode run) {
    JsonNode machine = run.get("machine");
    return "\nMeasured %s on %s, %d processors, JDK %s, commit %s.\n"
        .formatted(
            machine.get("date").asText().substring(0, 10),
            machine.get("processor").asText(),
            machine.get("processors").asInt(),
            machine.get("jdk").asText().replaceAll(".* (\\d[^ ]*?)[+-].*", "$1"),
            machine.get("commit").asText().substring(0, 7));
  }

  /** A number with three significant digits, or whole if it is or from 100 on. */
  static String number(double value) {
    double size = Math.abs(value);
    String form =
        size >= 100 || value == Math.rint(value)
            ? "%,.0f"
            : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, form, value);
  }
}
