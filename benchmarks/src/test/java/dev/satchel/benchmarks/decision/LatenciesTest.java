package dev.satchel.benchmarks.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void tellsPercentilesMeanAndMost() {
    var json = latencies(100_000).toJson();
    assertThat(json.get("samples").asLong()).isEqualTo(100_000);
    assertThat(json.get("p50").asDouble()).isCloseTo(50_000, withinPercentage(0.2));
    assertThat(json.get("p99").asDouble()).isCloseTo(99_000, withinPercentage(0.2));
    assertThat(json.get("p99_99").asDouble()).isCloseTo(99_990, withinPercentage(0.2));
    assertThat(json.get("most").asDouble()).isCloseTo(100_000, withinPercentage(0.2));
    assertThat(json.get("mean").asDouble()).isCloseTo(50_000, withinPercentage(0.2));
  }

  @Test
  void leavesOutPercentilesThatWouldBeChance() {
    var json = latencies(3_000).toJson();
    assertThat(json.has("p99_9")).isTrue();
    assertThat(json.has("p99_99")).isFalse();
  }

  @Test
  void sumsWhatSeveralThreadsSaw() {
    Latencies all = latencies(1_000);
    all.add(latencies(1_000));
    assertThat(all.toJson().get("samples").asLong()).isEqualTo(2_000);
  }

  private static Latencies latencies(int upTo) {
    var latencies = new Latencies();
    for (int nanos = 1; nanos <= upTo; nanos++) {
      latencies.record(nanos);
    }
    return latencies;
  }
}
