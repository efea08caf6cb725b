package dev.satchel.benchmarks.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Checks whether a soak ends as it began: compares each measure of the last sixth with the second
 * sixth, when everything is warm.
 */
final class Flatness {
  /** How far a measure may exceed its earlier value. */
  private record Allowance(String measure, double times, double plus) {
    double most(double before) {
      return before * times + plus;
    }
  }

  private static final List<String> PROCESSES =
      List.of(Processes.READERS, Processes.PAGE, Processes.PUBLISHER);

  private static final String RULE =
      "flat means that in the last sixth, beside the second, live heap and direct memory are at"
          + " most 10 % and 8 MiB more, resident memory 10 % and 16 MiB, file handles and threads 10"
          + " more, the median lookup 25 % and 50 ns and the 99th percentile 50 % and 1 µs";

  private static final List<Allowance> OF_PROCESSES =
      List.of(
          new Allowance("heapMib", 1.10, 8),
          new Allowance("directMib", 1.10, 8),
          new Allowance("rssMib", 1.10, 16),
          new Allowance("fileHandles", 1, 10),
          new Allowance("threads", 1, 10));
  private static final List<Allowance> OF_LOOKUPS =
      List.of(new Allowance("p50", 1.25, 50), new Allowance("p99", 1.5, 1_000));

  private Flatness() {}

  /** Returns what was compared, and whether all of it is flat. */
  static ObjectNode of(JsonNode sixths) {
    ObjectNode verdict = JsonNodeFactory.instance.objectNode();
    ArrayNode compared = verdict.putArray("compared");
    JsonNode second = sixths.get(1);
    JsonNode last = sixths.get(sixths.size() - 1);
    for (String process : PROCESSES) {
      for (Allowance allowance : OF_PROCESSES) {
        compare(compared, process, allowance, second.path(process), last.path(process));
      }
    }
    for (Allowance allowance : OF_LOOKUPS) {
      compare(
          compared, "lookupNanos", allowance, second.path("lookupNanos"), last.path("lookupNanos"));
    }
    boolean isFlat = true;
    for (JsonNode one : compared) {
      isFlat &= one.get("isFlat").asBoolean();
    }
    verdict.put("isFlat", isFlat);
    verdict.put("rule", RULE);
    return verdict;
  }

  private static void compare(
      ArrayNode compared, String of, Allowance allowance, JsonNode second, JsonNode last) {
    if (second.has(allowance.measure) && last.has(allowance.measure)) {
      double before = second.get(allowance.measure).asDouble();
      double after = last.get(allowance.measure).asDouble();
      compared
          .addObject()
          .put("of", of)
          .put("measure", allowance.measure)
          .put("second", before)
          .put("last", after)
          .put("most", allowance.most(before))
          .put("isFlat", after <= allowance.most(before));
    }
  }

  /** Returns one line, with what is not flat. */
  static String inWords(JsonNode verdict) {
    List<String> grown = new ArrayList<>();
    for (JsonNode one : verdict.get("compared")) {
      if (!one.get("isFlat").asBoolean()) {
        grown.add(
            String.format(
                Locale.ROOT,
                "%s %s from %.1f to %.1f, at most %.1f",
                one.get("of").asText(),
                one.get("measure").asText(),
                one.get("second").asDouble(),
                one.get("last").asDouble(),
                one.get("most").asDouble()));
      }
    }
    return grown.isEmpty()
        ? "flat: yes, in all %d measures".formatted(verdict.get("compared").size())
        : "flat: NO, " + String.join("; ", grown);
  }
}
