package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.FormatReport;
import dev.satchel.benchmarks.Machine;
import dev.satchel.benchmarks.RecordedRun;
import dev.satchel.benchmarks.ScratchFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.openjdk.jmh.runner.RunnerException;

/**
 * One KV pair for each user, or one snapshot: what does each cost, at which size?
 *
 * <pre>java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.decision.DecisionReport \
 *     [--quick] [--only PART,…] [--with-format] [--redraw]
 * </pre>
 *
 * Run it in the repository, built by {@code mvn -DskipTests package}, on an otherwise idle machine:
 * about a quarter of an hour, or four minutes with {@code --quick}, which stops at 100,000 users
 * and has fewer repetitions. Parts are {@link ReadBenchmark read}, {@link PublishBenchmark
 * publish}, {@link RefreshBenchmark refresh}, {@link StartBenchmark start}, {@link PageBenchmark
 * page} and {@link CostTable cost}. {@code --with-format} runs {@link FormatReport} first; {@code
 * --redraw} measures nothing, but makes text and charts again from the recorded run.
 *
 * <p>Writes {@code decision.json}, {@code decision.txt} and {@code decision-….png} under {@code
 * benchmarks/results}; {@code decision-quick} or {@code decision-partial} if parts are missing.
 */
public final class DecisionReport {
  /** The parts of a report, in the order in which they are measured. */
  private enum Part {
    PUBLISH,
    READ,
    REFRESH,
    START,
    PAGE,
    COST;

    String member() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final RecordedRun UNFINISHED = new RecordedRun("decision-unfinished");

  private final boolean quick;
  private final Set<Part> parts;

  private DecisionReport(boolean quick, Set<Part> parts) {
    this.quick = quick;
    this.parts = parts;
  }

  /** Measures, prints and writes the report. */
  public static void main(String[] arguments) throws IOException, RunnerException {
    List<String> options = new ArrayList<>(List.of(arguments));
    boolean quick = options.remove("--quick");
    boolean withFormat = options.remove("--with-format");
    boolean redraw = options.remove("--redraw");
    Set<Part> parts = EnumSet.allOf(Part.class);
    int only = options.indexOf("--only");
    if (only >= 0 && only + 1 < options.size()) {
      parts = EnumSet.noneOf(Part.class);
      for (String name : options.remove(only + 1).split(",", -1)) {
        parts.add(Part.valueOf(name.toUpperCase(Locale.ROOT)));
      }
      options.remove(only);
    }
    if (!options.isEmpty()) {
      throw new IllegalArgumentException(
          "expected --quick, --only PART,…, --with-format and --redraw but found " + options);
    }
    if (withFormat) {
      FormatReport.main(quick ? new String[] {"--quick"} : new String[0]);
    }
    DecisionReport report = new DecisionReport(quick, parts);
    if (redraw) {
      report.finish(report.recorded().read());
    } else {
      report.finish(report.measure(arguments));
    }
    System.exit(0); // a client's threads may still be alive
  }

  private ObjectNode measure(String[] arguments) throws IOException {
    long start = System.nanoTime();
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put(
        "command", (DecisionReport.class.getName() + " " + String.join(" ", arguments)).strip());
    report.set("machine", Machine.describe());
    report.set("prices", CloudflarePrices.toJson());
    ScratchFolder scratch = ScratchFolder.create("satchel-decision-");
    Path folder = scratch.path();
    boolean hasDatabase = parts.contains(Part.PUBLISH);
    try (Store store = Store.start(folder.resolve("kv"), hasDatabase)) {
      Trial trial = new Trial(store, folder, quick);
      for (Part part : parts) {
        long partStart = System.nanoTime();
        report.set(
            part.member(),
            switch (part) {
              case PUBLISH -> PublishBenchmark.measure(trial);
              case READ -> ReadBenchmark.measure(trial);
              case REFRESH -> RefreshBenchmark.measure(trial);
              case START -> StartBenchmark.measure(trial);
              case PAGE -> PageBenchmark.measure(trial);
              case COST -> CostTable.compute();
            });
        Trial.say("%s took %.0f s", part.member(), (System.nanoTime() - partStart) / 1e9);
        UNFINISHED.write(report); // a later part may fail
      }
    } finally {
      scratch.remove();
    }
    report.put("seconds", (System.nanoTime() - start) / 1e9);
    return report;
  }

  private RecordedRun recorded() {
    String name = parts.size() < Part.values().length ? "decision-partial" : "decision";
    return new RecordedRun(name + (quick ? "-quick" : ""));
  }

  /** Adds the conclusions from what was measured, and writes and prints everything. */
  private void finish(ObjectNode report) throws IOException {
    report.set("growth", Growth.of(report));
    if (parts.containsAll(EnumSet.complementOf(EnumSet.of(Part.PAGE)))) {
      report.set("verdict", Verdict.of(report));
    }
    RecordedRun recorded = recorded();
    recorded.write(report);
    Files.deleteIfExists(UNFINISHED.file(".json"));
    recorded.write(text(report));
    Charts.draw(report, recorded.file("").toString());
  }

  private static String text(JsonNode report) {
    StringBuilder text = new StringBuilder();
    text.append("command: ").append(report.get("command").asText()).append('\n');
    text.append(Machine.inWords(report.get("machine")));
    if (report.has("verdict")) {
      text.append('\n').append(Verdict.text(report.get("verdict")));
    }
    for (Part part : Part.values()) {
      JsonNode rows = report.get(part.member());
      if (rows != null) {
        text.append('\n')
            .append(
                switch (part) {
                  case PUBLISH -> PublishBenchmark.text(rows);
                  case READ -> ReadBenchmark.text(rows);
                  case REFRESH -> RefreshBenchmark.text(rows);
                  case START -> StartBenchmark.text(rows);
                  case PAGE -> PageBenchmark.text(rows);
                  case COST -> CostTable.text(rows);
                });
      }
    }
    return text.append('\n').append(Growth.text(report.get("growth"))).toString();
  }
}
