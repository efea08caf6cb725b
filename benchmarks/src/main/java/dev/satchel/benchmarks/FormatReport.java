package dev.satchel.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Is the snapshot's format as small, as quick to open and as quick to ask as it has to be? Runs
 * {@link LookupBenchmark}, {@link TextLookupBenchmark}, {@link OpenBenchmark}, {@link
 * EncodeBenchmark} and {@link SizeReport}, and sets what they say against the goals.
 *
 * <pre>java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.FormatReport
 *     [--quick | --again]
 * </pre>
 *
 * Run it where the repository is, on an otherwise idle machine: about 25 minutes, or ten with
 * {@code --quick}, which has fewer repetitions and leaves the slow searches out. Writes {@code
 * benchmarks/results/format.json} and {@code format.txt}, or {@code format-quick}. With {@code
 * --again} it measures only the lookups by UUID that find a user, in three minutes, and puts them
 * into the recorded run, for a machine that was not idle at that time.
 */
public final class FormatReport {
  private static final Path RESULTS = Path.of("benchmarks", "results");

  private static final String HITS = "LookupBenchmark.byUuid";

  private final boolean quick;
  private final ArrayNode runs = JsonNodeFactory.instance.arrayNode();

  private FormatReport(boolean quick) {
    this.quick = quick;
  }

  /** Measures, prints and writes. */
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
    hits();
    jmh(
        lookups("LookupBenchmark.byText")
            .param("outcome", "HIT")
            .param("contender", "SATCHEL", "SATCHEL_BY_NAME", "TABLE", "HASH_MAP"));
    jmh(
        lookups("LookupBenchmark.by.*")
            .param("outcome", "MISS")
            .param("contender", "SATCHEL", "TABLE"));
    jmh(lookups(HITS).param("outcome", "HIT").param("contender", "SATCHEL", "TABLE").threads(2));
    jmh(lookups("TextLookupBenchmark.*").param("contender", "SATCHEL", "TABLE"));
    jmh(options("OpenBenchmark"));
    jmh(options("EncodeBenchmark").measurementIterations(quick ? 3 : 5));
    write(report);
  }

  private void again() throws IOException, RunnerException {
    ObjectNode report = (ObjectNode) new JsonMapper().readTree(file(".json").toFile());
    report.putObject("hitsAgain").setAll(Machine.describe());
    hits();
    for (JsonNode run : report.get("jmh")) {
      boolean isAgain =
          run.get("benchmark").asText().equals(HITS)
              && run.get("threads").asInt() == 1
              && run.get("parameters").get("outcome").asText().equals("hit");
      if (!isAgain) {
        runs.add(run);
      }
    }
    write(report);
  }

  private void hits() throws RunnerException {
    jmh(lookups(HITS).param("outcome", "HIT").forks(quick ? 1 : 2));
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

  private void jmh(ChainedOptionsBuilder options) throws RunnerException {
    Collection<RunResult> results = new Runner(options.build()).run();
    for (RunResult result : results) {
      ObjectNode run = runs.addObject();
      String name = result.getParams().getBenchmark();
      name = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
      run.put("benchmark", name);
      ObjectNode parameters = run.putObject("parameters");
      for (String key : result.getParams().getParamsKeys()) {
        parameters.put(key, result.getParams().getParam(key).toLowerCase(Locale.ROOT));
      }
      Result<?> score = result.getPrimaryResult();
      run.put("threads", result.getParams().getThreads());
      run.put("forks", result.getParams().getForks());
      run.put("score", score.getScore());
      run.put("error", score.getScoreError());
      run.put("unit", score.getScoreUnit());
      Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
      if (bytes != null) {
        run.put("bytesPerOperation", bytes.getScore());
      }
    }
  }

  private void write(ObjectNode report) throws IOException {
    report.set("jmh", runs);
    FormatGoals goals = new FormatGoals(runs, report.get("size"));
    report.set("goals", goals.toJson());
    Files.createDirectories(RESULTS);
    JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValue(file(".json").toFile(), report);
    StringBuilder text = new StringBuilder();
    facts(report.get("machine"), text);
    if (report.has("hitsAgain")) {
      text.append("\nlookups by UUID that find a user were measured again:\n");
      facts(report.get("hitsAgain"), text);
    }
    text.append('\n').append(goals).append('\n').append(grid()).append('\n');
    text.append(SizeReport.text(report.get("size")));
    Files.writeString(file(".txt"), text);
    System.out.println(text);
  }

  private static void facts(JsonNode machine, StringBuilder text) {
    machine
        .properties()
        .forEach(
            fact ->
                text.append(fact.getKey())
                    .append(": ")
                    .append(fact.getValue().asText())
                    .append('\n'));
  }

  private TextGrid grid() {
    TextGrid grid =
        new TextGrid("measured by JMH", "parameters", "threads", "score", "error", "unit", "B/op");
    for (JsonNode run : runs) {
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

  private Path file(String ending) {
    return RESULTS.resolve((quick ? "format-quick" : "format") + ending);
  }
}
