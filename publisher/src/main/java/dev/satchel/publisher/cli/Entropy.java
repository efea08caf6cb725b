package dev.satchel.publisher.cli;

import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.ValueKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how few bits a user could take if every user were independent of the others, for
 * comparison with what a section takes.
 */
final class Entropy {
  private Entropy() {}

  /**
   * Returns a field's bits per user: the order-0 entropy of its values. This counts only what tells
   * one value from another, at most log2 of the number of users. Values that do not repeat also
   * have to be stored themselves, which takes more; a field that follows from another takes less.
   */
  static double ofField(Snapshot snapshot, Field field) {
    int users = snapshot.users();
    Map<@Nullable Object, int[]> counts = new HashMap<>();
    for (int user = 0; user < users; user++) {
      counts.computeIfAbsent(ValueKey.of(field.value(user)), value -> new int[1])[0]++;
    }
    double bits = 0;
    for (int[] count : counts.values()) {
      double share = (double) count[0] / users;
      bits -= share * log2(share);
    }
    return Math.max(0, bits); // not -0.0
  }

  /**
   * Returns the ids' bits per user: log2 of the binomial coefficient that counts the sets of this
   * size among all numbers with as many bits as these ids differ in. NaN if the ids are not
   * numbers.
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
    // log2 C(N, n) by Stirling's formula: with N = n + m it is n log2(N/n) + m log2(N/m), and
    // little more
    double chosen = log2(1 + others / users);
    double left = others <= 0 ? 0 : others / users * Math.log1p(users / others) / Math.log(2);
    return chosen + left;
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }
}
