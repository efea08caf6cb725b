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

  /** Whether the values are seen to be equal; false says nothing. */
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

  /** Whether another column has the values. */
  private static boolean isIndirect(Column column) {
    return column instanceof ScalarColumns.Choice || column instanceof ScalarColumns.Dictionary;
  }

  /** Whether the values are there as objects. */
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

  /** Compares rows of two columns that are written in one way. */
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

  /** Whether one row of some columns is the same as one of as many others. */
  private static boolean sameRows(Column[] a, int rowA, Column[] b, int rowB) {
    for (int i = 0; i < a.length; i++) {
      if (!in(a[i], rowA, b[i], rowB)) {
        return false;
      }
    }
    return true;
  }
}
