package dev.satchel.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.util.ListStatistics;

/** What JMH has measured, one entry for each benchmark, parameters and number of threads. */
public final class JmhRuns {
  private final ArrayNode runs = JsonNodeFactory.instance.arrayNode();

  /** Returns the entries: benchmark, parameters, threads, iterations, score, error and unit. */
  public ArrayNode toJson() {
    return runs;
  }

  /** Takes over an entry from an earlier run. */
  void add(JsonNode run) {
    runs.add(run);
  }

  /** Runs benchmarks. What was measured before in the same way gets more iterations. */
  public void run(ChainedOptionsBuilder options) throws RunnerException {
    Collection<RunResult> results = new Runner(options.build()).run();
    for (RunResult result : results) {
      ObjectNode run = nodeOf(result);
      ArrayNode iterations = run.withArray("iterations");
      for (BenchmarkResult fork : result.getBenchmarkResults()) {
        for (IterationResult iteration : fork.getIterationResults()) {
          iterations.add(iteration.getPrimaryResult().getScore());
        }
      }
      var all = new ListStatistics();
      iterations.forEach(score -> all.addValue(score.asDouble()));
      run.put("score", all.getMean());
      run.put("error", all.getMeanErrorAt(0.999)); // as JMH reports it
      run.put("unit", result.getPrimaryResult().getScoreUnit());
      Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
      if (bytes != null) {
        run.put("bytesPerOperation", bytes.getScore());
      }
    }
  }

  /** Returns the entry of the same measurement from an earlier round, or a new one. */
  private ObjectNode nodeOf(RunResult result) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    String name = result.getParams().getBenchmark();
    node.put("benchmark", name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1));
    ObjectNode parameters = node.putObject("parameters");
    for (String key : result.getParams().getParamsKeys()) {
      parameters.put(key, result.getParams().getParam(key).toLowerCase(Locale.ROOT));
    }
    node.put("threads", result.getParams().getThreads());
    for (JsonNode run : runs) {
      if (node.properties().stream()
          .allMatch(each -> each.getValue().equals(run.get(each.getKey())))) {
        return (ObjectNode) run;
      }
    }
    return runs.addObject().setAll(node);
  }
}
