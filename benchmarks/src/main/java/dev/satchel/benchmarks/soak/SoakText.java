package dev.satchel.benchmarks.soak;

import com.fasterxml.jackson.databind.JsonNode;
import dev.satchel.benchmarks.Machine;
import dev.satchel.benchmarks.TextGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats a soak's report as text, with a column for each sixth of its time. */
final class SoakText {
  private final JsonNode sixths;
  private final TextGrid grid;

  private SoakText(JsonNode sixths) {
    this.sixths = sixths;
    List<String> heads = new ArrayList<>(List.of("sixth of the time"));
    for (int i = 1; i <= sixths.size(); i++) {
      heads.add(String.valueOf(i));
    }
    grid = new TextGrid(heads.toArray(String[]::new));
  }

  static String of(JsonNode report) {
    StringBuilder text = new StringBuilder();
    text.append("command: ").append(report.get("command").asText()).append('\n');
    text.append(Machine.inWords(report.get("machine")));
    text.append(
        String.format(
            Locale.ROOT,
            "%d minutes, %,d users, %,d transactions that change them, %,d faults:%n",
            report.get("minutes").asInt(),
            report.get("users").asInt(),
            report.get("changes").asLong(),
            report.get("faultsTried").asInt()));
    for (JsonNode fault : report.get("faults")) {
      text.append("  ").append(fault.asText()).append('\n');
    }
    text.append('\n').append(new SoakText(report.get("sixths")).rows()).append('\n');
    text.append(
        """
        A lookup's time includes one reading of the clock. A page's counts from when it was due.
        Heap is the least that a collection left, the full ones at the end of each sixth among
        them; lookups and pages during those are in no figure. Direct memory is of Java's and
        Netty's buffers.

        """);
    text.append("violations: ").append(report.get("violations")).append('\n');
    text.append(report.get("verdict").get("rule").asText()).append('\n');
    return text.append(Flatness.inWords(report.get("verdict"))).append('\n').toString();
  }

  private TextGrid rows() {
    row("lookups", 1, "lookupNanos", "samples");
    row("lookup p50, ns", 1, "lookupNanos", "p50");
    row("p99", 1, "lookupNanos", "p99");
    row("p99.9", 1, "lookupNanos", "p99_9");
    row("most, µs", 1e-3, "lookupNanos", "most");
    row("pages", 1, "pageNanos", "samples");
    row("page p50, µs", 1e-3, "pageNanos", "p50");
    row("p99", 1e-3, "pageNanos", "p99");
    row("most", 1e-3, "pageNanos", "most");
    row("pages not answered", 1, "pageFailures");
    row("refreshes with a new revision", 1, "updated");
    row("without", 1, "unchanged");
    row("failed", 1, "failed");
    row("changes told to listeners", 1, "told");
    row("revisions seen", 1, "revisions");
    row("publications", 1, "published");
    row("failed or refused", 1, "publishFailures");
    row("age of what readers know, ms", 1, "ageMillisMedian");
    for (String process : List.of(Processes.READERS, Processes.PAGE, Processes.PUBLISHER)) {
      row(process + ": pauses", 1, process, "pauses");
      row("ms in them", 1, process, "pauseMillis");
      row("heap in use, MiB", 1, process, "heapMib");
      row("direct memory, MiB", 1, process, "directMib");
      row("resident memory, MiB", 1, process, "rssMib");
      row("file handles", 1, process, "fileHandles");
      row("threads", 1, process, "threads");
    }
    return grid;
  }

  private void row(String head, double scale, String... path) {
    List<Object> cells = new ArrayList<>(List.of(head));
    for (JsonNode sixth : sixths) {
      JsonNode value = sixth.at("/" + String.join("/", path));
      if (value.isNumber()) {
        cells.add(Math.round(value.asDouble() * scale));
      }
    }
    if (cells.size() == 1 + sixths.size()) {
      grid.row(cells.toArray());
    }
  }
}
