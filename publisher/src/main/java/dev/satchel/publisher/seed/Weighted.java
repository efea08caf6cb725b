package dev.satchel.publisher.seed;

import java.util.Arrays;
import java.util.List;

/** Values, each drawn with its own probability. */
final class Weighted<T> {
  private final List<T> values;
  private final double[] upTo;

  /** Creates weighted values; the weights need not add up to anything in particular. */
  Weighted(List<T> values, double... weights) {
    this.values = values;
    upTo = weights.clone();
    for (int i = 1; i < upTo.length; i++) {
      upTo[i] += upTo[i - 1];
    }
  }

  /** Gives the n-th value a weight of 1/n: Zipf's law with s = 1. */
  static <T> Weighted<T> zipf(List<T> values) {
    double[] weights = new double[values.size()];
    Arrays.setAll(weights, i -> 1.0 / (i + 1));
    return new Weighted<>(values, weights);
  }

  T draw(SplitMix random) {
    int at = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
    return values.get(at < 0 ? -at - 1 : at + 1);
  }
}
