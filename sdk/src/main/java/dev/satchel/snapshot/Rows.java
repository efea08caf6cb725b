package dev.satchel.snapshot;

import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The values of one column while it is encoded, in the order of its rows. */
interface Rows {
  int size();

  /** The value as {@link PlainValue#canonical} gives it. */
  @Nullable Object get(int row);

  /** Returns the distinct values; null if there are too many to know. */
  default @Nullable Distinct distinct() {
    return null;
  }

  static Rows of(List<? extends @Nullable Object> values) {
    return of(values.size(), values::get);
  }

  static Rows of(int size, IntFunction<? extends @Nullable Object> values) {
    return new Rows() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public @Nullable Object get(int row) {
        return values.apply(row);
      }
    };
  }
}
