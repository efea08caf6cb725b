package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.satchel.benchmarks.decision.Chart.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Draws the pictures of a report, one file each, for the parts that it has. */
final class Charts {
  private static final String ONE_IN = "one in so many is slower (logarithmic)";

  private final JsonNode report;
  private final String prefix;

  private Charts(JsonNode report, String prefix) {
    this.report = report;
    this.prefix = prefix;
  }

  /** Draws what there is into files whose names begin with the path {@code prefix}. */
  static void draw(JsonNode report, String prefix) throws IOException {
    Charts charts = new Charts(report, prefix);
    charts.read();
    charts.publish();
    charts.refresh();
    charts.patches();
    charts.start();
    charts.page();
    charts.cost();
    charts.growth();
  }

  private Path file(String name) {
    return Path.of(prefix + "-" + name + ".png");
  }

  private void read() throws IOException {
    List<Line> lines = new ArrayList<>();
    long most = 0;
    for (JsonNode row : report.path("read")) {
      most = Math.max(most, row.get("users").asLong());
    }
    for (JsonNode row : report.path("read")) {
      boolean isUniformCache =
          row.get("path").asText().equals("cached")
              && row.get("userIds").asText().equals("uniform");
      boolean isZipfSnapshot =
          row.get("path").asText().equals("snapshot") && row.get("userIds").asText().equals("zipf");
      if (row.get("users").asLong() == most && !isUniformCache && !isZipfSnapshot) {
        lines.add(percentiles(ReadBenchmark.name(row), row.get("nanos"), 1e-3));
      }
    }
    draw(
        "read",
        "One lookup among %,d users".formatted(most),
        ONE_IN,
        "time in µs (logarithmic)",
        lines);
  }

  private static Line percentiles(String name, JsonNode of, double scale) {
    Line line = new Line(name);
    for (Latencies.Percentile percentile : Latencies.PERCENTILES) {
      if (of.has(percentile.member())) {
        line.at(percentile.oneIn(), of.get(percentile.member()).asDouble() * scale);
      }
    }
    return line;
  }

  private void publish() throws IOException {
    draw(
        "publish",
        "Publishing from PostgreSQL to KV",
        Chart.USERS,
        "time in s (logarithmic)",
        lines(
            "publish",
            row ->
                row.get("layout").asText()
                    + (row.get("change").asText().equals("ten")
                        ? ", ten users changed"
                        : ", first time"),
            row -> row.get("seconds").asDouble()));
    draw(
        "publish-writes",
        "KV writes that are billed for one publication",
        Chart.USERS,
        "writes (logarithmic)",
        lines(
            "publish",
            row ->
                row.get("change").asText().equals("all")
                        || row.get("layout").asText().contains("only")
                    ? row.get("layout").asText()
                    : null,
            row -> row.get("kvWrites").asDouble()));
  }

  private void refresh() throws IOException {
    List<Line> lines = new ArrayList<>();
    JsonNode rows = report.path("refresh");
    if (!rows.isEmpty()) {
      JsonNode last = rows.get(rows.size() - 1);
      lines.add(gaps("without a refresh", last.get("gapMicrosWithout")));
      lines.add(gaps("while it refreshes", last.get("gapMicros")));
      draw(
          "refresh",
          "Gaps between lookups back to back, %,d users".formatted(last.get("users").asLong()),
          "one in so many is longer (logarithmic); at the right the longest of a window",
          "gap in µs (logarithmic)",
          lines);
    }
  }

  private static Line gaps(String name, JsonNode gaps) {
    return percentiles(name, gaps, 1).at(1e5, gaps.get("medianOfLongest").asDouble());
  }

  private void patches() throws IOException {
    JsonNode rows = report.path("patches");
    if (!rows.isEmpty()) {
      String of = "%,d".formatted(rows.get(0).get("users").asLong());
      patches("patch-bytes", "Bytes of one refresh of %s users".formatted(of), "bytes");
      patches("patch-millis", "Time of one refresh of %s users".formatted(of), "millis");
    }
  }

  private void patches(String name, String title, String member) throws IOException {
    Line patch = new Line("by a patch");
    Line value = new Line("by the whole value");
    for (JsonNode row : report.path("patches")) {
      double changed = row.get("changed").asDouble();
      patch.at(changed, row.get("patch").get(member).asDouble());
      value.at(changed, row.get("value").get(member).asDouble());
    }
    String unit = member.equals("bytes") ? "bytes fetched" : "time in ms";
    draw(
        name,
        title,
        "users that changed (logarithmic)",
        unit + " (logarithmic)",
        List.of(patch, value));
  }

  private void start() throws IOException {
    draw(
        "start",
        "From process start to the first answer",
        Chart.USERS,
        "time in s (logarithmic)",
        lines("start", row -> row.get("from").asText(), row -> row.get("seconds").asDouble()));
  }

  private void page() throws IOException {
    List<String> names = new ArrayList<>();
    List<Long> perSecond = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    for (JsonNode row : report.path("page")) {
      names.add(row.get("name").asText());
      perSecond.add(Math.round(row.get("perSecond").asDouble()));
      lines.add(percentiles(row.get("name").asText(), row.get("micros"), 1e-3));
    }
    if (!names.isEmpty()) {
      Chart.bars(
          file("page"),
          "Pages served, 32 connections",
          "page and lookup",
          "pages a second",
          names,
          perSecond);
    }
    draw("page-latency", "One page, 32 connections", ONE_IN, "time in ms (logarithmic)", lines);
  }

  private void cost() throws IOException {
    draw(
        "cost",
        "Workers KV for a month, 100 readers",
        Chart.USERS,
        "dollars a month (logarithmic; 0.01 stands for nothing)",
        lines(
            "cost",
            row ->
                row.get("readers").asInt() == 100
                    ? Workload.Layout.valueOf(row.get("layout").asText().toUpperCase(Locale.ROOT))
                            .label()
                        + (row.get("publishedEverySeconds").asLong() == 60
                            ? ", each minute"
                            : ", each hour")
                    : null,
            row -> Math.max(0.01, row.get("dollarsPerMonth").asDouble())));
  }

  private void growth() throws IOException {
    List<Line> lines = new ArrayList<>();
    for (JsonNode entry : report.path("growth")) {
      JsonNode points = entry.get("points");
      Line line = new Line(entry.get("measure").asText());
      double first = points.get(0).get("value").asDouble();
      double firstUsers = points.get(0).get("users").asDouble();
      for (JsonNode point : points) {
        // bills start at more users than the rest, so they are drawn as if they had grown with them
        double scale = firstUsers > 1_000 ? firstUsers / 1_000 : 1;
        line.at(point.get("users").asDouble(), scale * point.get("value").asDouble() / first);
      }
      lines.add(line);
    }
    draw(
        "growth",
        "Growth with the number of users",
        Chart.USERS,
        "times what it is at 1,000 users (logarithmic)",
        lines);
  }

  /** Returns a line for each name that the rows are given; rows without a name are left out. */
  private List<Line> lines(
      String part, Function<JsonNode, @Nullable String> name, ToDoubleFunction<JsonNode> value) {
    Map<String, Line> lines = new LinkedHashMap<>();
    for (JsonNode row : report.path(part)) {
      String of = name.apply(row);
      if (of != null) {
        lines
            .computeIfAbsent(of, Line::new)
            .at(row.get("users").asDouble(), value.applyAsDouble(row));
      }
    }
    return List.copyOf(lines.values());
  }

  private void draw(String name, String title, String x, String y, List<Line> lines)
      throws IOException {
    if (!lines.isEmpty()) {
      Chart.lines(file(name), title, x, y, lines);
    }
  }
}
