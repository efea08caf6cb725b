package dev.satchel.snapshot;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The distinct values of a column, the most frequent first, and the code of each row. */
final class Distinct {
  private final Rows entries;
  private final int[] ranks;
  private final Codes.CodeSource numbers;

  private Distinct(Rows entries, int[] ranks, Codes.CodeSource numbers) {
    this.entries = entries;
    this.ranks = ranks;
    this.numbers = numbers;
  }

  /**
   * Ranks values by how many rows have them, and equally frequent ones by their bytes.
   *
   * @param values the distinct values, numbered in this order
   * @param numbers the number of each row's value
   */
  static Distinct of(List<@Nullable Object> values, int rows, Codes.CodeSource numbers) {
    int[] counts = new int[values.size()];
    for (int row = 0; row < rows; row++) {
      counts[(int) numbers.at(row)]++;
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        order.add(i);
      }
    }
    order.sort(
        (a, b) -> {
          int byCount = Integer.compare(counts[b], counts[a]);
          return byCount != 0 ? byCount : PlainValue.compare(values.get(a), values.get(b));
        });
    int[] ranks = new int[counts.length];
    List<@Nullable Object> sorted = new ArrayList<>();
    for (int rank = 0; rank < order.size(); rank++) {
      ranks[order.get(rank)] = rank;
      sorted.add(values.get(order.get(rank)));
    }
    return new Distinct(Rows.of(sorted), ranks, numbers);
  }

  int size() {
    return entries.size();
  }

  Rows entries() {
    return entries;
  }

  long code(int row) {
    return ranks[(int) numbers.at(row)];
  }
}
