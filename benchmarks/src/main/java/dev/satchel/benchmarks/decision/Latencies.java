package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Counts how often something took how long. One writer at a time. */
public final class Latencies {
  /** A percentile that is reported, with its member's name. */
  record Percentile(String member, double percent) {
    /** Returns n if one in n is slower. */
    double oneIn() {
      return Math.rint(100 / (100 - percent));
    }
  }

  static final List<Percentile> PERCENTILES =
      List.of(
          new Percentile("p50", 50),
          new Percentile("p90", 90),
          new Percentile("p99", 99),
          new Percentile("p99_9", 99.9),
          new Percentile("p99_99", 99.99));

  private static final long MOST_NANOS = 120_000_000_000L;
  private static final int DIGITS = 3;
  private static final int FEWEST_SLOWER = 3;

  private final Histogram histogram = new Histogram(MOST_NANOS, DIGITS);

  /** Adds one that took this long. */
  public void record(long nanos) {
    histogram.recordValue(Math.min(Math.max(nanos, 0), MOST_NANOS));
  }

  /** Adds all samples of the other. */
  public void add(Latencies other) {
    histogram.add(other.histogram);
  }

  /**
   * Returns nanoseconds for each percentile, the mean, the maximum, and the number of samples. A
   * percentile with fewer than three samples above it is left out, because it would be chance.
   */
  public ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    long samples = histogram.getTotalCount();
    node.put("samples", samples);
    for (Percentile percentile : PERCENTILES) {
      if (samples >= FEWEST_SLOWER * percentile.oneIn()) {
        node.put(percentile.member, histogram.getValueAtPercentile(percentile.percent));
      }
    }
    node.put("most", histogram.getMaxValue());
    node.put("mean", histogram.getMean());
    return node;
  }
}
