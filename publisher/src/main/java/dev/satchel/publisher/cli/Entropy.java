package dev.satchel.publisher.cli;

import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Estimates of how few bits a user could take if every user were independent of the others, to hold
 * against what a section takes.
 */
final class Entropy {
  private Entropy() {}

  /**
   * Bits per user of a field: the order-0 entropy of its values. It is what tells one value from
   * another, at most log2 of the users: what the values themselves are comes on top where they do
   * not repeat, and a field that follows from another takes less.
   */
  static double ofField(Snapshot snapshot, Field field) {
    int users = snapshot.users();
    Map<@Nullable Object, int[]> counts = new HashMap<>();
    for (int user = 0; user < users; user++) {
      counts.computeIfAbsent(field.value(user), value -> new int[1])[0]++;
    }
    double bits = 0;
    for (int[] count : counts.values()) {
      double share = (double) count[0] / users;
      bits -= share * log2(share);
    }
    return Math.max(0, bits); // not -0.0
  }

  /**
   * Bits per user of the ids: of a set of so many numbers out of all that have as many bits as
   * these ids differ in, which is log2 of a binomial coefficient; NaN if the ids are no numbers.
   */
  static double ofIds(Snapshot snapshot) {
    int width = snapshot.varyingIdBits();
    double users = snapshot.users();
    if (width < 0) {
      return Double.NaN;
    }
    if (users == 0) {
      return 0;
    }
    double others = Math.pow(2, width) - users;
    // log2 C(N, n) by Stirling's formula; with N = n + m it is n log2(N/n) + m log2(N/m) and little
    double chosen = log2(1 + others / users);
    double left = others <= 0 ? 0 : others / users * Math.log1p(users / others) / Math.log(2);
    return chosen + left;
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }
}
