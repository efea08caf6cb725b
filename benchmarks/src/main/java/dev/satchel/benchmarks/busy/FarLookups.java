package dev.satchel.benchmarks.busy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.satchel.benchmarks.FarMemoryBenchmark;
import dev.satchel.benchmarks.JmhRuns;
import java.io.IOException;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs {@link FarMemoryBenchmark}, one contender right after the other. */
final class FarLookups {
  private static final String[] CLOSE = {"SATCHEL", "TABLE"};
  private static final String[] PEERS = {"HASH_MAP", "HOLLOW", "SPARKEY"};
  private static final String[] ID_FORMS = {"NUMBER", "NUMBERED_TEXT", "CODE", "EMAIL"};

  private FarLookups() {}

  static ArrayNode measure(boolean quick) throws IOException {
    JmhRuns runs = new JmhRuns();
    try {
      for (String method : List.of("cold", "inFlight")) {
        // some times, since a JVM compiles the same lookup better than another JVM
        runs.run(benchmark(method, quick).param("contender", CLOSE).forks(quick ? 1 : 4));
        runs.run(benchmark(method, quick).param("contender", PEERS));
      }
      runs.run(benchmark("cold(Loop|Many)", quick).param("contender", "SATCHEL"));
      runs.run(
          benchmark("cold", quick)
              .param("contender", "SATCHEL", "TABLE", "HASH_MAP")
              .param("ids", ID_FORMS));
    } catch (RunnerException e) {
      throw new IOException(e.getMessage(), e);
    }
    return runs.toJson();
  }

  private static ChainedOptionsBuilder benchmark(String method, boolean quick) {
    return new OptionsBuilder()
        .include("\\." + FarMemoryBenchmark.class.getSimpleName() + "\\." + method + "$")
        .forks(1)
        .warmupIterations(3)
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(quick ? 3 : 5)
        .measurementTime(TimeValue.milliseconds(500))
        .shouldFailOnError(true);
  }
}
