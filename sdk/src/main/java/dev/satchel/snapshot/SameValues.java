package dev.satchel.snapshot;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether values of two columns are equal, as {@link Object#equals} has it of what {@link
 * Field#value} gives.
 */
final class SameValues {
  /*
   * Values that are written in the same way are compared as they lie in memory. That can only
   * show that they are equal: where it does not, both values are made and asked. So what allocates
   * is what has changed, and what a new revision writes in another way.
   */

  /** Entries of a dictionary up to which it is worth knowing which code is which. */
  private static final int MAX_ENTRIES = 1 << 16;

  private SameValues() {}

  static boolean in(Column a, int rowA, Column b, int rowB) {
    return areSame(a, rowA, b, rowB) || Objects.equals(a.value(rowA), b.value(rowB));
  }

  /** A test of rows in two columns that are asked about many of them. */
  static Test of(Column a, Column b) {
    if (a instanceof ScalarColumns.Dictionary x
        && b instanceof ScalarColumns.Dictionary y
        && x.size <= MAX_ENTRIES
        && y.size <= MAX_ENTRIES) {
      int[] codes = codes(x, y);
      return (rowA, rowB) -> {
        int codeA = Math.min((int) x.codes.at(rowA), x.size);
        int codeB = Math.min((int) y.codes.at(rowB), y.size);
        return codes[codeA] == codeB || in(a, rowA, b, rowB);
      };
    }
    return (rowA, rowB) -> in(a, rowA, b, rowB);
  }

  /** Whether a row of one column has the value of a row of another. */
  interface Test {
    boolean areSame(int rowA, int rowB);
  }

  /** For each code of the one its code in the other, or -1; the last stands for absent values. */
  private static int[] codes(ScalarColumns.Dictionary a, ScalarColumns.Dictionary b) {
    Map<@Nullable Object, Integer> codes = new HashMap<>();
    for (int code = 0; code < b.size; code++) {
      codes.put(b.entries.value(code), code);
    }
    int[] translated = new int[a.size + 1];
    for (int code = 0; code < a.size; code++) {
      translated[code] = codes.getOrDefault(a.entries.value(code), -1);
    }
    translated[a.size] = b.size;
    return translated;
  }

  /** False says nothing. */
  private static boolean areSame(Column a, int rowA, Column b, int rowB) {
    if (a instanceof ScalarColumns.Choice choice) {
      return areSame(choice.child(rowA), rowA, b, rowB);
    }
    if (b instanceof ScalarColumns.Choice choice) {
      return areSame(a, rowA, choice.child(rowB), rowB);
    }
    if (a instanceof ScalarColumns.Dictionary x) {
      int code = (int) x.codes.at(rowA);
      return code < x.size
          ? areSame(x.entries, code, b, rowB)
          : b instanceof ScalarColumns.Dictionary y && y.codes.at(rowB) >= y.size;
    }
    if (b instanceof ScalarColumns.Dictionary y) {
      int code = (int) y.codes.at(rowB);
      return code < y.size && areSame(a, rowA, y.entries, code);
    }
    if (a instanceof TextColumns.Texts x && b instanceof TextColumns.Texts y) {
      return Arrays.equals(
          x.utf8,
          x.lengths.startAt(rowA),
          x.lengths.startAt(rowA) + x.lengths.lengthAt(rowA),
          y.utf8,
          y.lengths.startAt(rowB),
          y.lengths.startAt(rowB) + y.lengths.lengthAt(rowB));
    }
    if (a instanceof TextColumns.Pattern x && b instanceof TextColumns.Pattern y) {
      return areSame(x, rowA, y, rowB);
    }
    if (a instanceof TextColumns.Prefixed x && b instanceof TextColumns.Prefixed y) {
      return areSame(x.other, rowA, y.other, rowB) && areSame(x.rest, rowA, y.rest, rowB);
    }
    if (a instanceof TextColumns.Times x && b instanceof TextColumns.Times y) {
      return x.form == y.form && x.numbers.numberAt(rowA) == y.numbers.numberAt(rowB);
    }
    if (a instanceof TextColumns.UuidTexts x && b instanceof TextColumns.UuidTexts y) {
      return Arrays.equals(x.words, 16 * rowA, 16 * rowA + 16, y.words, 16 * rowB, 16 * rowB + 16);
    }
    if (isHeld(b) && b.value(rowB) instanceof String text) {
      return a.textEquals(rowA, text);
    }
    if (isHeld(a) && a.value(rowA) instanceof String text) {
      return b.textEquals(rowB, text);
    }
    return areSameScalars(a, rowA, b, rowB) || areSameNested(a, rowA, b, rowB);
  }

  private static boolean areSameScalars(Column a, int rowA, Column b, int rowB) {
    if (a instanceof ScalarColumns.Numbers x) {
      return b instanceof ScalarColumns.Numbers y
          ? x.numberAt(rowA) == y.numberAt(rowB)
          : isLong(b, rowB, x.numberAt(rowA));
    }
    if (b instanceof ScalarColumns.Numbers y) {
      return isLong(a, rowA, y.numberAt(rowB));
    }
    if (a instanceof ScalarColumns.ScaledDoubles x && b instanceof ScalarColumns.ScaledDoubles y) {
      return Double.compare(x.doubleAt(rowA, 0), y.doubleAt(rowB, 0)) == 0;
    }
    if (a instanceof ScalarColumns.Doubles x && b instanceof ScalarColumns.Doubles y) {
      return x.codes.at(rowA) == y.codes.at(rowB);
    }
    if (a instanceof ScalarColumns.Decimals x && b instanceof ScalarColumns.Decimals y) {
      return x.scale == y.scale && x.numbers.numberAt(rowA) == y.numbers.numberAt(rowB);
    }
    return false;
  }

  private static boolean isLong(Column held, int row, long number) {
    return isHeld(held) && held.value(row) instanceof Long value && value == number;
  }

  /** Whether values are there as objects. */
  private static boolean isHeld(Column column) {
    return column instanceof ScalarColumns.Values || column instanceof ScalarColumns.Constant;
  }

  private static boolean areSameNested(Column a, int rowA, Column b, int rowB) {
    if (a instanceof NestedColumns.Lists x && b instanceof NestedColumns.Lists y) {
      int length = x.lengths.lengthAt(rowA);
      if (length != y.lengths.lengthAt(rowB)) {
        return false;
      }
      int startA = x.lengths.startAt(rowA);
      int startB = y.lengths.startAt(rowB);
      for (int i = 0; i < length; i++) {
        if (!in(x.elements, startA + i, y.elements, startB + i)) {
          return false;
        }
      }
      return true;
    }
    if (a instanceof NestedColumns.Objects x && b instanceof NestedColumns.Objects y) {
      if (!Arrays.equals(x.keys, y.keys)) {
        return false;
      }
      for (int i = 0; i < x.keys.length; i++) {
        if (!in(x.members[i], rowA, y.members[i], rowB)) {
          return false;
        }
      }
      return true;
    }
    if (a instanceof NestedColumns.Packed x && b instanceof NestedColumns.Packed y) {
      return Arrays.equals(
          x.values,
          x.lengths.startAt(rowA),
          x.lengths.startAt(rowA) + x.lengths.lengthAt(rowA),
          y.values,
          y.lengths.startAt(rowB),
          y.lengths.startAt(rowB) + y.lengths.lengthAt(rowB));
    }
    return false;
  }

  private static boolean areSame(TextColumns.Pattern a, int rowA, TextColumns.Pattern b, int rowB) {
    if (!Arrays.equals(a.literals, b.literals) || !Arrays.equals(a.digits, b.digits)) {
      return false;
    }
    for (int i = 0; i < a.parts.length; i++) {
      if (!in(a.parts[i], rowA, b.parts[i], rowB)) {
        return false;
      }
    }
    return true;
  }
}
