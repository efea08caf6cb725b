package dev.satchel.snapshot;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The distinct values of a column, the frequent ones first, and the code of each row. */
final class Distinct {
  /**
   * Puts the limits between shares, such as 41.7 % and 20.8 %, away from those of equally frequent
   * values, such as a half, a third or a tenth.
   */
  private static final int RARE = 307;

  private final Rows entries;
  private final int[] ranks;
  private final Codes.CodeSource numbers;

  private Distinct(Rows entries, int[] ranks, Codes.CodeSource numbers) {
    this.entries = entries;
    this.ranks = ranks;
    this.numbers = numbers;
  }

  /**
   * Ranks values by about how many rows have them, and equally frequent ones by their bytes.
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
          int byShare = Integer.compare(share(counts[b], rows), share(counts[a], rows));
          return byShare != 0 ? byShare : PlainValue.compare(values.get(a), values.get(b));
        });
    int[] ranks = new int[counts.length];
    List<@Nullable Object> sorted = new ArrayList<>();
    for (int rank = 0; rank < order.size(); rank++) {
      ranks[order.get(rank)] = rank;
      sorted.add(values.get(order.get(rank)));
    }
    return new Distinct(Rows.of(sorted), ranks, numbers);
  }

  /**
   * Returns how frequent a value is: 0 for less than one row in {@link #RARE}, and one more for
   * each doubling from there. Exact counts would change the order of values, and so the code of
   * most rows, whenever a few rows change.
   */
  private static int share(int count, int rows) {
    return Codes.widthFor((long) count * RARE / rows);
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
