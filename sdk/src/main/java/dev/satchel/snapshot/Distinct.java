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

  private final List<@Nullable Object> entries;
  private final char[] codes;

  private Distinct(List<@Nullable Object> entries, char[] codes) {
    this.entries = entries;
    this.codes = codes;
  }

  /**
   * Ranks values by about how many rows have them, and equally frequent ones by their bytes.
   *
   * @param values the distinct values, numbered in this order, at most 2^16
   * @param numbers the number of each row's value; the array is used up
   */
  static Distinct of(List<@Nullable Object> values, char[] numbers) {
    int rows = numbers.length;
    int[] counts = new int[values.size()];
    for (char number : numbers) {
      counts[number]++;
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
    char[] ranks = new char[counts.length];
    List<@Nullable Object> sorted = new ArrayList<>();
    for (int rank = 0; rank < order.size(); rank++) {
      ranks[order.get(rank)] = (char) rank;
      sorted.add(values.get(order.get(rank)));
    }
    for (int row = 0; row < rows; row++) {
      numbers[row] = ranks[numbers[row]];
    }
    return new Distinct(sorted, numbers);
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
    return Rows.of(entries);
  }

  long code(int row) {
    return codes[row];
  }

  /** Returns the values of the rows. */
  Rows rows() {
    return new Rows() {
      @Override
      public int size() {
        return codes.length;
      }

      @Override
      public @Nullable Object get(int row) {
        return entries.get(codes[row]);
      }

      @Override
      public Distinct distinct() {
        return Distinct.this;
      }
    };
  }

  /** Returns the distinct values of every so many rows. */
  Distinct sample(int every) {
    char[] some = new char[codes.length / every];
    for (int i = 0; i < some.length; i++) {
      some[i] = codes[i * every];
    }
    return of(entries, some);
  }
}
