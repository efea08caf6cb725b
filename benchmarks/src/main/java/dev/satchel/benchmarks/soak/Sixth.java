package dev.satchel.benchmarks.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Combines the measurements of one sixth of a soak. */
final class Sixth {
  private static final List<String> MEDIANS = List.of("rssMib", "fileHandles", "threads");

  private Sixth() {}

  /**
   * Returns what a process used: medians of the samples, the least heap in use, and the pauses
   * since the end of the sixth before.
   */
  static ObjectNode process(String name, List<ObjectNode> samples, JsonNode before, JsonNode end) {
    ObjectNode found = samples.get(0).objectNode();
    for (String measure : MEDIANS) {
      List<Double> values = new ArrayList<>();
      for (ObjectNode sample : samples) {
        JsonNode value = sample.path(name).path(measure);
        if (value.isNumber()) {
          values.add(value.asDouble());
        }
      }
      if (!values.isEmpty()) {
        Collections.sort(values);
        found.put(measure, values.get(values.size() / 2));
      }
    }
    found.put("heapMib", end.path("leastHeapMib").asLong());
    found.put("pauses", grown(before.path("pauses").asLong(), end.path("pauses").asLong()));
    found.put(
        "pauseMillis",
        end.path("pauseMillis").asDouble()
            - (end.path("pauses").asLong() < before.path("pauses").asLong()
                ? 0
                : before.path("pauseMillis").asDouble()));
    return found;
  }

  /** Returns by how much a count grew, even if its process was restarted meanwhile. */
  static long grown(long before, long after) {
    return after < before ? after : after - before;
  }
}
