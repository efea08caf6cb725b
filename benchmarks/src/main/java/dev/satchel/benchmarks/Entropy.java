package dev.satchel.benchmarks;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;

/**
 * The fewest bits that users can take, whatever the format: the entropy of the distributions that
 * the profiles draw from, and of an unordered set of ids.
 */
final class Entropy {
  private static final double SECONDS_OF_FIVE_YEARS = 157_852_800; // 2020-01-01 to 2025-01-01

  private Entropy() {}

  /**
   * Returns the bits for each member of a set of {@code users} out of {@code universe}:
   * log2(universe over users) / users, by Stirling's formula, exact to a thousandth of a bit from a
   * thousand users on.
   */
  static double set(double universe, int users) {
    double n = users;
    double rest = universe - n;
    // log2(u!/(u-n)!) - log2(n!); for a universe far larger than n, the first part is n log2(u)
    double arrangements =
        universe > 1e15
            ? n * log2(universe)
            : universe * log2(universe) - rest * log2(rest) - n * log2(Math.E);
    double orders = n * log2(n) - n * log2(Math.E) + log2(2 * Math.PI * n) / 2;
    return (arrangements - orders) / n;
  }

  /** Returns the bits of one draw with these weights. */
  static double of(double... weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double bits = 0;
    for (double weight : weights) {
      bits -= weight / sum * log2(weight / sum);
    }
    return bits;
  }

  /** Returns the bits of one draw from this many values, the n-th with a weight of 1/n. */
  static double zipf(int values) {
    double[] weights = new double[values];
    java.util.Arrays.setAll(weights, i -> 1.0 / (i + 1));
    return of(weights);
  }

  /** Returns the bits of the fields of one user. */
  static double fields(Profile profile, int users) {
    double tutorial = of(30, 70);
    double groups =
        of(50, 25, 15, 10) + 0.25 * log2(20) + 0.15 * log2(20 * 19) + 0.10 * log2(20 * 19 * 18);
    double typical =
        tutorial + of(70, 20, 8, 2) + zipf(30) + log2(8) + of(50, 35, 15) + log2(12) + groups;
    // usernames: each user has a different one, in the order of the users
    double usernames = set(SyntheticUsers.MAX_USERS, users) + log2(users) - log2(Math.E);
    // a rounded log-normal: the entropy of its density, log2(e^mu * sigma * sqrt(2 pi e))
    double quota = log2(1e6) + log2(2 * Math.sqrt(2 * Math.PI * Math.E));
    double rich = typical + usernames + zipf(50) + log2(SECONDS_OF_FIVE_YEARS) + quota;
    return switch (profile) {
      case TUTORIAL -> tutorial;
      case TYPICAL -> typical;
      case RICH -> rich;
    };
  }

  static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }
}
