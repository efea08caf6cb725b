package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.HdrHistogram.Histogram;

/** How often something took how long. One writer at a time. */
public final class Latencies {
  /** The percentiles that are told, with their members' names. */
  record Percentile(String member, double percent) {
    /** One in so many is slower. */
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

  /** Adds one that took so long. */
  public void record(long nanos) {
    histogram.recordValue(Math.min(Math.max(nanos, 0), MOST_NANOS));
  }

  /** Adds all of the other. */
  public void add(Latencies other) {
    histogram.add(other.histogram);
  }

  /**
   * Nanoseconds for each percentile, the mean, the most, and how many samples there were. A
   * percentile that fewer than three samples are above is left out: it would be chance.
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
