package dev.satchel.benchmarks.figures;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;

/** How an hour of everything at work, with faults, began and how it ended. */
final class SoakTable {
  private final List<JsonNode> sixths;
  private final StringBuilder table = new StringBuilder();

  private SoakTable(JsonNode sixths) {
    this.sixths = IntStream.of(0, 1, sixths.size() - 1).mapToObj(sixths::get).toList();
  }

  static String of(JsonNode run) {
    SoakTable all = new SoakTable(run.get("sixths"));
    all.table.append(
        "| %,d minutes with %,d faults | first sixth | second | last |\n| --- | --: | --: | --: |\n"
            .formatted(run.get("minutes").asInt(), run.get("faultsTried").asInt()));
    all.row("lookup, median, ns", "/lookupNanos/p50", 1);
    all.row("99.9 % are faster than, ns", "/lookupNanos/p99_9", 1);
    all.row("page, 99 % are faster than, ms", "/pageNanos/p99", 1e-6);
    all.row("pages not answered", "/pageFailures", 1);
    all.row("publications", "/published", 1);
    all.row("refreshes with a new revision, ten readers", "/updated", 1);
    all.row("refreshes that failed", "/failed", 1);
    all.row("readers: collections, ms", "/readers/pauseMillis", 1);
    all.row("heap in use, MiB", "/readers/heapMib", 1);
    all.row("direct memory, MiB", "/readers/directMib", 1);
    all.row("resident memory, MiB", "/readers/rssMib", 1);
    all.row("file handles", "/readers/fileHandles", 1);
    all.row("threads", "/readers/threads", 1);
    long violations = 0;
    for (JsonNode count : run.get("violations")) {
      violations += count.asLong();
    }
    return all.table
        + "\nValues that were never published, mixed revisions and steps back that readers saw: %,d.\n"
            .formatted(violations)
        + Block.source(run);
  }

  private void row(String head, String pointer, double scale) {
    table.append("| ").append(head);
    for (JsonNode sixth : sixths) {
      double value = sixth.at(pointer).asDouble() * scale;
      table.append(" | ").append(Block.number(value >= 1 ? Math.rint(value) : value));
    }
    table.append(" |\n");
  }
}
