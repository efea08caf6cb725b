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
import java.util.Map;
import java.util.Set;
import org.openjdk.jmh.runner.RunnerException;

/**
 * One KV pair for each user, or one snapshot: what does each cost, at which size?
 *
 * <pre>java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.decision.DecisionReport \
 *     [--quick] [--only PART,…] [--again PART,…] [--with-format] [--redraw]
 * </pre>
 *
 * Run it in the repository, built by {@code mvn -DskipTests package}, on an otherwise idle machine:
 * about a quarter of an hour, or four minutes with {@code --quick}, which stops at 100,000 users
 * and has fewer repetitions. Parts are {@link ReadBenchmark read}, {@link PublishBenchmark
 * publish}, {@link RefreshBenchmark refresh}, {@link PatchBenchmark patches}, {@link StartBenchmark
 * start}, {@link PageBenchmark page} and {@link CostTable cost}. {@code --with-format} runs {@link
 * FormatReport} first; {@code --again} replaces these parts of the recorded run and says in it when
 * and on what; {@code --redraw} measures nothing, but makes text and charts again from the recorded
 * run. {@link FleetTable} is computed each time.
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
    PATCHES,
    START,
    PAGE,
    COST;

    String member() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The member with the origin of each part that was measured after the others. */
  public static final String AGAIN = "again";

  private static final RecordedRun UNFINISHED = new RecordedRun("decision-unfinished");

  private final boolean quick;
  private final Set<Part> parts;
  private final boolean again;

  private DecisionReport(boolean quick, Set<Part> parts, boolean again) {
    this.quick = quick;
    this.parts = parts;
    this.again = again;
  }

  /** Measures, prints and writes the report. */
  public static void main(String[] arguments) throws IOException, RunnerException {
    List<String> options = new ArrayList<>(List.of(arguments));
    boolean quick = options.remove("--quick");
    boolean withFormat = options.remove("--with-format");
    boolean redraw = options.remove("--redraw");
    Set<Part> only = named("--only", options);
    Set<Part> again = named("--again", options);
    Set<Part> parts = only.isEmpty() ? again : only;
    if (!options.isEmpty() || (!only.isEmpty() && !again.isEmpty())) {
      throw new IllegalArgumentException(
          "expected --quick, --only PART,… or --again PART,…, --with-format and --redraw but found "
              + List.of(arguments));
    }
    if (withFormat) {
      FormatReport.main(quick ? new String[] {"--quick"} : new String[0]);
    }
    DecisionReport report =
        new DecisionReport(
            quick, parts.isEmpty() ? EnumSet.allOf(Part.class) : parts, !again.isEmpty());
    if (redraw) {
      report.finish(report.recorded().read());
    } else {
      report.finish(report.measure(arguments));
    }
    System.exit(0); // a client's threads may still be alive
  }

  /** Takes an option and the parts after it from the options; none if it is not there. */
  private static Set<Part> named(String option, List<String> options) {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    int at = options.indexOf(option);
    if (at >= 0 && at + 1 < options.size()) {
      for (String name : options.remove(at + 1).split(",", -1)) {
        parts.add(Part.valueOf(name.toUpperCase(Locale.ROOT)));
      }
      options.remove(at);
    }
    return parts;
  }

  private ObjectNode measure(String[] arguments) throws IOException {
    long start = System.nanoTime();
    ObjectNode report = again ? recorded().read() : JsonNodeFactory.instance.objectNode();
    ObjectNode origin = JsonNodeFactory.instance.objectNode();
    origin.put(
        "command", (DecisionReport.class.getName() + " " + String.join(" ", arguments)).strip());
    origin.set("machine", Machine.describe());
    if (again) {
      ObjectNode origins = report.withObject("/" + AGAIN);
      parts.forEach(part -> origins.set(part.member(), origin));
    } else {
      report.setAll(origin);
    }
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
              case PATCHES -> PatchBenchmark.measure(trial);
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
    origin.put("seconds", (System.nanoTime() - start) / 1e9);
    if (!again) {
      report.setAll(origin);
    }
    return report;
  }

  private RecordedRun recorded() {
    String name = parts.size() < Part.values().length && !again ? "decision-partial" : "decision";
    return new RecordedRun(name + (quick ? "-quick" : ""));
  }

  /** Adds the conclusions from what was measured, and writes and prints everything. */
  private void finish(ObjectNode report) throws IOException {
    report.set("fleet", FleetTable.compute());
    report.set("growth", Growth.of(report));
    if (EnumSet.complementOf(EnumSet.of(Part.PAGE)).stream()
        .allMatch(part -> report.has(part.member()))) {
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
    for (Map.Entry<String, JsonNode> part : report.path(AGAIN).properties()) {
      text.append('\n').append(part.getKey()).append(" was measured again by: ");
      text.append(part.getValue().get("command").asText()).append('\n');
      text.append(Machine.inWords(part.getValue().get("machine")));
    }
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
                  case PATCHES -> PatchBenchmark.text(rows);
                  case START -> StartBenchmark.text(rows);
                  case PAGE -> PageBenchmark.text(rows);
                  case COST -> CostTable.text(rows);
                });
      }
    }
    text.append('\n').append(FleetTable.text(report.get("fleet")));
    return text.append('\n').append(Growth.text(report.get("growth"))).toString();
  }
}
