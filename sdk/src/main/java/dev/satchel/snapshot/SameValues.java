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
      codes.put(b.entries.value(code), code);
    }
    int[] translated = new int[a.size + 1];
    for (int code = 0; code < a.size; code++) {
      translated[code] = codes.getOrDefault(a.entries.value(code), -1);
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
    Comparison comparison = a.getClass() == b.getClass() ? COMPARISONS.get(a.getClass()) : null;
    return comparison != null && comparison.areSame(a, rowA, b, rowB);
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

  /** Compares rows of two columns of one class. */
  private interface Comparison {
    boolean areSame(Column a, int rowA, Column b, int rowB);
  }

  /** A comparison that knows the class of both columns. */
  private interface ComparisonOf<C extends Column> {
    boolean areSame(C a, int rowA, C b, int rowB);
  }

  private static final Map<Class<?>, Comparison> COMPARISONS =
      Map.ofEntries(
          both(TextColumns.Texts.class, SameValues::sameTexts),
          both(TextColumns.Pattern.class, SameValues::samePatterns),
          both(
              TextColumns.Prefixed.class,
              (a, rowA, b, rowB) ->
                  areSame(a.other, rowA, b.other, rowB) && areSame(a.rest, rowA, b.rest, rowB)),
          both(
              TextColumns.Times.class,
              (a, rowA, b, rowB) ->
                  a.form == b.form && a.numbers.numberAt(rowA) == b.numbers.numberAt(rowB)),
          both(
              TextColumns.UuidTexts.class,
              (a, rowA, b, rowB) ->
                  Arrays.equals(
                      a.words, 16 * rowA, 16 * rowA + 16, b.words, 16 * rowB, 16 * rowB + 16)),
          both(
              ScalarColumns.Numbers.class,
              (a, rowA, b, rowB) -> a.numberAt(rowA) == b.numberAt(rowB)),
          both(
              ScalarColumns.ScaledDoubles.class,
              (a, rowA, b, rowB) -> Double.compare(a.doubleAt(rowA, 0), b.doubleAt(rowB, 0)) == 0),
          both(
              ScalarColumns.Doubles.class,
              (a, rowA, b, rowB) -> a.codes.at(rowA) == b.codes.at(rowB)),
          both(
              ScalarColumns.Decimals.class,
              (a, rowA, b, rowB) ->
                  a.scale == b.scale && a.numbers.numberAt(rowA) == b.numbers.numberAt(rowB)),
          both(NestedColumns.Lists.class, SameValues::sameLists),
          both(NestedColumns.Objects.class, SameValues::sameObjects),
          both(
              NestedColumns.Packed.class,
              (a, rowA, b, rowB) ->
                  sameBytes(a.lengths, a.values, rowA, b.lengths, b.values, rowB)));

  private static <C extends Column> Map.Entry<Class<?>, Comparison> both(
      Class<C> type, ComparisonOf<C> comparison) {
    return Map.entry(
        type, (a, rowA, b, rowB) -> comparison.areSame(type.cast(a), rowA, type.cast(b), rowB));
  }

  private static boolean sameTexts(TextColumns.Texts a, int rowA, TextColumns.Texts b, int rowB) {
    return sameBytes(a.lengths, a.utf8, rowA, b.lengths, b.utf8, rowB);
  }

  private static boolean sameBytes(
      Lengths lengthsA, byte[] a, int rowA, Lengths lengthsB, byte[] b, int rowB) {
    int startA = lengthsA.startAt(rowA);
    int startB = lengthsB.startAt(rowB);
    return Arrays.equals(
        a, startA, startA + lengthsA.lengthAt(rowA), b, startB, startB + lengthsB.lengthAt(rowB));
  }

  private static boolean samePatterns(
      TextColumns.Pattern a, int rowA, TextColumns.Pattern b, int rowB) {
    return Arrays.equals(a.literals, b.literals)
        && Arrays.equals(a.digits, b.digits)
        && sameRows(a.parts, rowA, b.parts, rowB);
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

  private static boolean sameObjects(
      NestedColumns.Objects a, int rowA, NestedColumns.Objects b, int rowB) {
    return Arrays.equals(a.keys, b.keys) && sameRows(a.members, rowA, b.members, rowB);
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
