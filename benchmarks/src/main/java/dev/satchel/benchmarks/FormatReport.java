package dev.satchel.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Is the snapshot's format as small, as quick to open and as quick to query as it has to be? Runs
 * {@link LookupBenchmark}, {@link TextLookupBenchmark}, {@link OpenBenchmark}, {@link
 * EncodeBenchmark} and {@link SizeReport}, and compares their results with the goals.
 *
 * <pre>java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.FormatReport
 *     [--quick | --again]
 * </pre>
 *
 * Run it in the repository, on an otherwise idle machine: about 25 minutes. {@code --quick} has
 * fewer repetitions and leaves the slow searches out. Writes {@code benchmarks/results/format.json}
 * and {@code format.txt}, or {@code format-quick}. With {@code --again} it measures only the
 * lookups by UUID and puts them into the recorded run, for a machine that was not idle at that
 * time.
 */
public final class FormatReport {
  private static final String BY_UUID = "LookupBenchmark.byUuid";
  private static final int ROUNDS = 4;

  private final boolean quick;
  private final RecordedRun recorded;
  private final JmhRuns runs = new JmhRuns();

  private FormatReport(boolean quick) {
    this.quick = quick;
    this.recorded = new RecordedRun(quick ? "format-quick" : "format");
  }

  /** Measures, prints and writes the report. */
  public static void main(String[] arguments) throws IOException, RunnerException {
    switch (List.of(arguments).toString()) {
      case "[]" -> new FormatReport(false).run();
      case "[--quick]" -> new FormatReport(true).run();
      case "[--again]" -> new FormatReport(false).again();
      default ->
          throw new IllegalArgumentException(
              "expected --quick, --again or nothing but found " + List.of(arguments));
    }
  }

  private void run() throws IOException, RunnerException {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("command", FormatReport.class.getName() + (quick ? " --quick" : ""));
    report.putObject("machine").setAll(Machine.describe());
    report.set("size", SizeReport.measure(quick));
    byUuid();
    runs.run(
        lookups("LookupBenchmark.byText")
            .param("outcome", "HIT")
            .param("contender", "SATCHEL", "SATCHEL_BY_NAME", "TABLE", "HASH_MAP"));
    runs.run(
        lookups("LookupBenchmark.byText")
            .param("outcome", "MISS")
            .param("contender", "SATCHEL", "TABLE"));
    runs.run(lookups("TextLookupBenchmark.*").param("contender", "SATCHEL", "TABLE"));
    runs.run(options("OpenBenchmark"));
    runs.run(options("EncodeBenchmark").measurementIterations(quick ? 3 : 5));
    write(report);
  }

  private void again() throws IOException, RunnerException {
    ObjectNode report = recorded.read();
    report.putObject("byUuidAgain").setAll(Machine.describe());
    byUuid();
    for (JsonNode run : report.get("jmh")) {
      if (!run.get("benchmark").asText().equals(BY_UUID)) {
        runs.add(run);
      }
    }
    write(report);
  }

  /**
   * Measures in turns, so that other work on the machine affects everything that is compared alike.
   */
  private void byUuid() throws RunnerException {
    for (int round = 0; round < (quick ? 1 : ROUNDS); round++) {
      runs.run(lookups(BY_UUID).param("outcome", "HIT"));
      runs.run(lookups(BY_UUID).param("outcome", "MISS").param("contender", "SATCHEL", "TABLE"));
      runs.run(
          lookups(BY_UUID)
              .param("outcome", "HIT")
              .param("contender", "SATCHEL", "TABLE")
              .threads(2));
    }
  }

  private ChainedOptionsBuilder options(String include) {
    ChainedOptionsBuilder options =
        new OptionsBuilder().include("\\." + include).forks(1).shouldFailOnError(true);
    return quick ? options.warmupIterations(2) : options;
  }

  private ChainedOptionsBuilder lookups(String include) {
    ChainedOptionsBuilder options = options(include).addProfiler(GCProfiler.class);
    return quick
        ? options.warmupTime(TimeValue.milliseconds(700)).measurementIterations(3)
        : options;
  }

  private void write(ObjectNode report) throws IOException {
    report.set("jmh", runs.toJson());
    FormatGoals goals = new FormatGoals(runs.toJson(), report.get("size"));
    report.set("goals", goals.toJson());
    recorded.write(report);
    StringBuilder text = new StringBuilder(Machine.inWords(report.get("machine")));
    if (report.has("byUuidAgain")) {
      text.append("\nlookups by UUID were measured again:\n");
      text.append(Machine.inWords(report.get("byUuidAgain")));
    }
    text.append('\n').append(goals).append('\n').append(grid()).append('\n');
    text.append(SizeReport.text(report.get("size")));
    recorded.write(text.toString());
  }

  private TextGrid grid() {
    TextGrid grid =
        new TextGrid("measured by JMH", "parameters", "threads", "score", "error", "unit", "B/op");
    for (JsonNode run : runs.toJson()) {
      grid.row(
          run.get("benchmark").asText(),
          String.join(
              " ",
              run.get("parameters").properties().stream().map(p -> p.getValue().asText()).toList()),
          run.get("threads").asInt(),
          run.get("score").asDouble(),
          run.get("error").asDouble(),
          run.get("unit").asText(),
          run.has("bytesPerOperation") ? run.get("bytesPerOperation").asDouble() : "");
    }
    return grid;
  }
}
