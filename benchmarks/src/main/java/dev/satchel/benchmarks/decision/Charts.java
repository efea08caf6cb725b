package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.satchel.benchmarks.decision.Chart.Axis;
import dev.satchel.benchmarks.decision.Chart.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The pictures of a report, one file each; of the parts that it has. */
final class Charts {
  private static final Axis PERCENTILE =
      new Axis("percentile (logarithmic in what is slower)", Charts::percentile);
  private static final Axis TIME = new Axis("time (logarithmic)", Chart::time);

  private final JsonNode report;
  private final Path folder;
  private final String prefix;

  private Charts(JsonNode report, Path folder, String prefix) {
    this.report = report;
    this.folder = folder;
    this.prefix = prefix;
  }

  /** Draws what there is into {@code folder/prefix-….png}. */
  static void draw(JsonNode report, Path folder, String prefix) throws IOException {
    Charts charts = new Charts(report, folder, prefix);
    charts.read();
    charts.publish();
    charts.refresh();
    charts.start();
    charts.page();
    charts.cost();
    charts.growth();
  }

  private Path file(String name) {
    return folder.resolve(prefix + "-" + name + ".png");
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
        lines.add(percentiles(ReadBenchmark.name(row), row.get("nanos"), 1));
      }
    }
    draw("read", "One lookup among %,d users".formatted(most), PERCENTILE, TIME, lines);
  }

  private static Line percentiles(String name, JsonNode of, double nanosOfUnit) {
    Line line = new Line(name);
    for (Latencies.Percentile percentile : Latencies.PERCENTILES) {
      if (of.has(percentile.member())) {
        line.at(
            percentile.oneIn(), Math.max(1, of.get(percentile.member()).asDouble() * nanosOfUnit));
      }
    }
    return line;
  }

  private void publish() throws IOException {
    draw(
        "publish",
        "Publishing from PostgreSQL to KV",
        Chart.USERS,
        TIME,
        lines(
            "publish",
            row ->
                row.get("layout").asText()
                    + (row.get("change").asText().equals("ten")
                        ? ", ten users changed"
                        : ", first time"),
            row -> row.get("seconds").asDouble() * 1e9));
    draw(
        "publish-writes",
        "KV writes that are billed for one publication",
        Chart.USERS,
        new Axis("writes (logarithmic)", Chart::count),
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
          new Axis("percentile, and the longest of a window at the right", Charts::percentile),
          TIME,
          lines);
    }
  }

  private static Line gaps(String name, JsonNode gaps) {
    return percentiles(name, gaps, 1e3).at(1e5, gaps.get("medianOfLongest").asDouble() * 1e3);
  }

  private void start() throws IOException {
    draw(
        "start",
        "From process start to the first answer",
        Chart.USERS,
        TIME,
        lines(
            "start", row -> row.get("from").asText(), row -> row.get("seconds").asDouble() * 1e9));
  }

  private void page() throws IOException {
    List<String> names = new ArrayList<>();
    List<Long> perSecond = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    for (JsonNode row : report.path("page")) {
      names.add(row.get("name").asText());
      perSecond.add(Math.round(row.get("perSecond").asDouble()));
      lines.add(percentiles(row.get("name").asText(), row.get("micros"), 1e3));
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
    draw("page-latency", "One page, 32 connections", PERCENTILE, TIME, lines);
  }

  private void cost() throws IOException {
    draw(
        "cost",
        "Workers KV for a month, 100 readers",
        Chart.USERS,
        new Axis("dollars a month (logarithmic; 1 cent stands for nothing)", Charts::dollars),
        lines(
            "cost",
            row ->
                row.get("readers").asInt() == 100
                    ? Workload.Layout.valueOf(
                                row.get("layout").asText().toUpperCase(java.util.Locale.ROOT))
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
        // a bill starts at more users than the rest: it is drawn as if it had grown with them
        double scale = firstUsers > 1_000 ? firstUsers / 1_000 : 1;
        line.at(point.get("users").asDouble(), scale * point.get("value").asDouble() / first);
      }
      lines.add(line);
    }
    draw(
        "growth",
        "Growth with the number of users",
        Chart.USERS,
        new Axis("times what it is at 1,000 users (logarithmic)", Chart::count),
        lines);
  }

  /** A line for each name that the rows are given; rows without a name are left out. */
  private List<Line> lines(
      String part,
      Function<JsonNode, @org.jspecify.annotations.Nullable String> name,
      ToDoubleFunction<JsonNode> value) {
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

  private void draw(String name, String title, Axis x, Axis y, List<Line> lines)
      throws IOException {
    if (!lines.isEmpty()) {
      Chart.lines(file(name), title, x, y, lines);
    }
  }

  private static String percentile(double oneIn) {
    if (oneIn < 1.5) {
      return "0";
    } else if (oneIn > 5e4) {
      return "longest";
    }
    return String.valueOf(100 - 100 / oneIn).replaceAll("(\\.\\d{0,2}[1-9]).*|\\.0*$", "$1");
  }

  private static String dollars(double value) {
    return value < 1 ? "$" + value : "$" + Chart.count(value);
  }
}
