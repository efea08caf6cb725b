package dev.satchel.benchmarks.soak;

import com.fasterxml.jackson.databind.JsonNode;
import dev.satchel.benchmarks.decision.Chart;
import dev.satchel.benchmarks.decision.Chart.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Draws the pictures of a soak, one file each. */
final class SoakCharts {
  private static final double MIB = 1.0 / 1048576;

  private final JsonNode samples;

  private SoakCharts(JsonNode samples) {
    this.samples = samples;
  }

  /** Draws into files whose names begin with the path {@code prefix}. */
  static void draw(JsonNode report, String prefix) throws IOException {
    SoakCharts charts = new SoakCharts(report.get("samples"));
    draw(
        Path.of(prefix + "-memory.png"),
        "Memory",
        "MiB",
        false,
        List.of(
            charts.line("readers, resident", "/readers/rssMib", 1),
            charts.line("readers, heap after a collection", "/readers/heapAfterMib", 1),
            charts.line("readers, direct", "/directBytes", MIB),
            charts.line("publisher, resident", "/publisher/rssMib", 1),
            charts.line("publisher, heap after a collection", "/publisher/heapAfterMib", 1),
            charts.line("page, resident", "/page/rssMib", 1)));
    draw(
        Path.of(prefix + "-handles.png"),
        "File handles and threads",
        "number",
        false,
        List.of(
            charts.line("readers, file handles", "/readers/fileHandles", 1),
            charts.line("readers, threads", "/readers/threads", 1),
            charts.line("publisher, file handles", "/publisher/fileHandles", 1),
            charts.line("publisher, threads", "/publisher/threads", 1),
            charts.line("page, file handles", "/page/fileHandles", 1),
            charts.line("page, threads", "/page/threads", 1)));
    draw(
        Path.of(prefix + "-latency.png"),
        "Lookups and pages, each 10 s",
        "time in µs (logarithmic)",
        true,
        List.of(
            charts.line("lookup, median", "/lookupNanos/p50", 1e-3),
            charts.line("99 % of lookups are faster", "/lookupNanos/p99", 1e-3),
            charts.line("99.9 % of lookups are faster", "/lookupNanos/p99_9", 1e-3),
            charts.line("the longest lookup", "/lookupNanos/most", 1e-3),
            charts.line("page, median", "/pageNanos/p50", 1e-3),
            charts.line("99 % of pages are faster", "/pageNanos/p99", 1e-3)));
    draw(
        Path.of(prefix + "-age.png"),
        "Since the newest change that readers know of",
        "s",
        false,
        List.of(
            charts.line("the reader that is ahead", "/ageMillisLeast", 1e-3),
            charts.line("the median reader", "/ageMillisMedian", 1e-3),
            charts.line("the reader that is behind", "/ageMillisMost", 1e-3)));
  }

  /** Draws without the lines that have no points: few samples have no high percentiles. */
  private static void draw(
      Path file, String title, String y, boolean isLogarithmic, List<Line> lines)
      throws IOException {
    Chart.overTime(
        file,
        title,
        y,
        isLogarithmic,
        lines.stream().filter(line -> !line.points().isEmpty()).toList());
  }

  private Line line(String name, String pointer, double scale) {
    Line line = new Line(name);
    for (JsonNode sample : samples) {
      JsonNode value = sample.at(pointer);
      if (value.isNumber()) {
        line.at(sample.get("second").asDouble() / 60, value.asDouble() * scale);
      }
    }
    return line;
  }
}
