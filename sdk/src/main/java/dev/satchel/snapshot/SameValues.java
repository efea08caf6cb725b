package dev.satchel.snapshot;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares values of two columns: whether what {@link Field#value} returns for both is equal by
 * {@link Object#equals}.
 */
final class SameValues {
  /*
   * Values that are written in the same way are compared as they lie in memory. This can only
   * show that they are equal; where it does not, both values are made and compared. So only what
   * has changed, or is written in another way in the new revision, allocates.
   *
   * The comparison by class is a chain of instanceof and not a table: calls through a table are not
   * inlined, and a diff of 200,000 users with seven fields took 350 ms instead of 45.
   */

  /** The largest dictionary for which translating all codes is worth it. */
  private static final int MAX_ENTRIES = 1 << 16;

  private SameValues() {}

  static boolean in(Column a, int rowA, Column b, int rowB) {
    return areSame(a, rowA, b, rowB) || Objects.equals(a.value(rowA), b.value(rowB));
  }

  /** Returns a test for rows of two columns; worth making to compare many rows. */
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

  /** Tells whether a row of one column has the value of a row of another. */
  interface Test {
    boolean areSame(int rowA, int rowB);
  }

  /**
   * Returns, for each code of one dictionary, its code in the other, or -1; the last entry is for
   * absent values.
   */
  private static int[] codes(ScalarColumns.Dictionary a, ScalarColumns.Dictionary b) {
    Map<@Nullable Object, Integer> codes = new HashMap<>();
    for (int code = 0; code < b.size; code++) {
      codes.put(ValueKey.of(b.entries.value(code)), code);
    }
    int[] translated = new int[a.size + 1];
    for (int code = 0; code < a.size; code++) {
      translated[code] = codes.getOrDefault(ValueKey.of(a.entries.value(code)), -1);
    }
    translated[a.size] = b.size;
    return translated;
  }

  /** Returns true if the values are seen to be equal; false proves nothing. */
  private static boolean areSame(Column a, int rowA, Column b, int rowB) {
    if (a instanceof ScalarColumns.Choice choice) {
      return areSame(choice.child(rowA), rowA, b, rowB);
    }
    if (a instanceof ScalarColumns.Dictionary dictionary) {
      int code = (int) dictionary.codes.at(rowA);
      return code < dictionary.size
          ? areSame(dictionary.entries, code, b, rowB)
          : areSame(ScalarColumns.Constant.ABSENT, 0, b, rowB);
    }
    if (isIndirect(b) || (isHeld(b) && !isHeld(a))) {
      return areSame(b, rowB, a, rowA);
    }
    if (isHeld(a)) {
      return isHeldValue(a.value(rowA), b, rowB);
    }
    return areSameStored(a, rowA, b, rowB);
  }

  /** Returns whether the values are in other columns, to which this one points. */
  private static boolean isIndirect(Column column) {
    return column instanceof ScalarColumns.Choice || column instanceof ScalarColumns.Dictionary;
  }

  /** Returns whether the column holds its values as objects. */
  private static boolean isHeld(Column column) {
    return column instanceof ScalarColumns.Values || column instanceof ScalarColumns.Constant;
  }

  private static boolean isHeldValue(@Nullable Object held, Column b, int rowB) {
    if (isHeld(b)) {
      return Objects.equals(held, b.value(rowB));
    }
    if (held instanceof String text) {
      return b.textEquals(rowB, text);
    }
    return held instanceof Long number
        && b instanceof ScalarColumns.Numbers numbers
        && numbers.numberAt(rowB) == number;
  }

  /** Compares two columns of one class, as they lie in memory; false for any others. */
  private static boolean areSameStored(Column a, int rowA, Column b, int rowB) {
    if (a instanceof TextColumns.Texts x && b instanceof TextColumns.Texts y) {
      return sameBytes(x.lengths, x.utf8, rowA, y.lengths, y.utf8, rowB);
    }
    if (a instanceof TextColumns.Pattern x && b instanceof TextColumns.Pattern y) {
      return Arrays.equals(x.literals, y.literals)
          && Arrays.equals(x.digits, y.digits)
          && sameRows(x.parts, rowA, y.parts, rowB);
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
    if (a instanceof ScalarColumns.Numbers x && b instanceof ScalarColumns.Numbers y) {
      return x.numberAt(rowA) == y.numberAt(rowB);
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
    if (a instanceof NestedColumns.Lists x && b instanceof NestedColumns.Lists y) {
      return sameLists(x, rowA, y, rowB);
    }
    if (a instanceof NestedColumns.Objects x && b instanceof NestedColumns.Objects y) {
      return Arrays.equals(x.keys, y.keys) && sameRows(x.members, rowA, y.members, rowB);
    }
    return a instanceof NestedColumns.Packed x
        && b instanceof NestedColumns.Packed y
        && sameBytes(x.lengths, x.values, rowA, y.lengths, y.values, rowB);
  }

  private static boolean sameBytes(
      Lengths lengthsA, byte[] a, int rowA, Lengths lengthsB, byte[] b, int rowB) {
    int startA = lengthsA.startAt(rowA);
    int startB = lengthsB.startAt(rowB);
    return Arrays.equals(
        a, startA, startA + lengthsA.lengthAt(rowA), b, startB, startB + lengthsB.lengthAt(rowB));
  }

  private static boolean sameLists(
      NestedColumns.Lists a, int rowA, NestedColumns.Lists b, int rowB) {
    int length = a.lengths.lengthAt(rowA);
    if (length != b.lengths.lengthAt(rowB)) {
      return false;
    }
    int startA = a.lengths.startAt(rowA);
    int startB = b.lengths.startAt(rowB);
    for (int i = 0; i < length; i++) {
      if (!in(a.elements, startA + i, b.elements, startB + i)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a row of some columns equals a row of as many others. */
  private static boolean sameRows(Column[] a, int rowA, Column[] b, int rowB) {
    for (int i = 0; i < a.length; i++) {
      if (!in(a[i], rowA, b[i], rowB)) {
        return false;
      }
    }
    return true;
  }
}
