package dev.satchel.benchmarks.decision;

import java.util.Locale;

/**
 * y = c · x^slope, fitted to points by least squares of their logarithms.
 *
 * @param slope 0 for what does not grow, 1 for what grows in proportion
 * @param factor y at x = 1
 */
record PowerLaw(double slope, double factor) {
  private static final double FLAT = 0.1;
  private static final double NEAR_PROPORTION = 0.1;

  /** Fits the law to points; x and y must be positive, with at least two different x. */
  static PowerLaw fit(double[] x, double[] y) {
    if (x.length != y.length || x.length < 2) {
      throw new IllegalArgumentException(
          "expected two or more points but found " + x.length + " x and " + y.length + " y");
    }
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      meanX += Math.log(x[i]) / x.length;
      meanY += Math.log(y[i]) / x.length;
    }
    double both = 0;
    double alone = 0;
    for (int i = 0; i < x.length; i++) {
      both += (Math.log(x[i]) - meanX) * (Math.log(y[i]) - meanY);
      alone += (Math.log(x[i]) - meanX) * (Math.log(x[i]) - meanX);
    }
    double slope = both / alone;
    return new PowerLaw(slope, Math.exp(meanY - slope * meanX));
  }

  /** Says how ten times the users change it, by the fit to all sizes. */
  String inWords() {
    String kind;
    if (Math.abs(slope) < FLAT) {
      kind = "hardly changes";
    } else if (slope < 0) {
      kind = "falls";
    } else if (slope < 1 - NEAR_PROPORTION) {
      kind = "grows more slowly than the users";
    } else if (slope <= 1 + NEAR_PROPORTION) {
      kind = "grows as the users do";
    } else {
      kind = "grows faster than the users";
    }
    return String.format(
        Locale.ROOT,
        "%s: x%.1f for 10 times the users (slope %.2f)",
        kind,
        Math.pow(10, slope),
        slope);
  }
}
