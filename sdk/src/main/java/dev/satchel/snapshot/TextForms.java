package dev.satchel.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Finds a form in which the texts of all user ids stand for numbers. */
final class TextForms {
  /** Compression is tried on at least this many texts, and on fewer than twice as many. */
  private static final int SAMPLE = 4096;

  private TextForms() {}

  /** Returns the form to write the texts in; null if they are to be written as texts. */
  static @Nullable TextForm of(int users, IntFunction<String> texts) {
    if (users == 0) {
      return null;
    }
    IdText digits = digitsOf(users, texts);
    if (digits != null) {
      return digits;
    }
    RadixText radix = RadixText.of(users, texts);
    return radix != null && isSmallerThanText(radix, users, texts) ? radix : null;
  }

  /** Returns the first candidate that every text has; null if there is none. */
  private static @Nullable IdText digitsOf(int users, IntFunction<String> texts) {
    for (IdText form : candidates(texts.apply(0), commonPrefix(users, texts))) {
      boolean all = form.isSound();
      for (int i = 0; i < users && all; i++) {
        all = form.parse(texts.apply(i)) != null;
      }
      if (all) {
        return form;
      }
    }
    return null;
  }

  private static String commonPrefix(int users, IntFunction<String> texts) {
    String prefix = texts.apply(0);
    for (int i = 1; i < users; i++) {
      String text = texts.apply(i);
      int same = 0;
      while (same < Math.min(prefix.length(), text.length())
          && prefix.charAt(same) == text.charAt(same)) {
        same++;
      }
      prefix = prefix.substring(0, same);
    }
    return prefix;
  }

  /**
   * Returns the forms that the first text may share with all others: UUID, decimal, hexadecimal.
   */
  private static List<IdText> candidates(String first, String prefix) {
    List<IdText> forms = new ArrayList<>();
    int uuidAt = first.length() - 36;
    if (uuidAt >= 0 && uuidAt <= prefix.length()) {
      forms.add(new IdText(IdText.Kind.LOWER_UUID, first.substring(0, uuidAt), 36));
    }
    // digits that all share belong to the number, not to the prefix
    int decimalAt = prefix.length();
    while (decimalAt > 0 && Character.digit(prefix.charAt(decimalAt - 1), 10) >= 0) {
      decimalAt--;
    }
    String decimalPrefix = prefix.substring(0, decimalAt);
    forms.add(new IdText(IdText.Kind.DECIMAL, decimalPrefix, 0));
    int fixed = first.length() - decimalAt;
    if (fixed >= 1 && fixed <= IdText.Kind.DECIMAL.mostDigits) {
      forms.add(new IdText(IdText.Kind.DECIMAL, decimalPrefix, fixed));
    }
    int hexAt = lastHexAt(first);
    if (hexAt <= prefix.length() && hexAt < first.length()) {
      forms.add(
          new IdText(IdText.Kind.LOWER_HEX, first.substring(0, hexAt), first.length() - hexAt));
    }
    return forms;
  }

  /** Returns where the hexadecimal digits at the end of a text start; a number has at most 32. */
  private static int lastHexAt(String text) {
    int least = Math.max(0, text.length() - IdText.Kind.LOWER_HEX.mostDigits);
    int at = text.length();
    while (at > least && Character.digit(text.charAt(at - 1), 16) >= 0) {
      at--;
    }
    return at;
  }

  /**
   * Returns whether numbers take less room than the texts, parts of which may repeat and compress.
   * The sample does not depend on the order of the users.
   */
  private static boolean isSmallerThanText(RadixText form, int users, IntFunction<String> texts) {
    long mask = Long.highestOneBit(Math.max(users / SAMPLE, 1)) - 1;
    var sample = new TreeMap<Long, String>(); // by hash, the order in which texts are stored
    for (int i = 0; i < users; i++) {
      String text = texts.apply(i);
      long hash = HashedIds.hash(text, HashedIdWriter.FIRST_KEY);
      if ((hash & mask) == 0) {
        sample.merge(hash, text, (one, other) -> one.compareTo(other) < 0 ? one : other);
      }
    }
    var values = new ValueBuffer();
    sample.values().forEach(values::add);
    var written = new FrameWriter();
    var column = new ColumnWriter(written, List.of(), SnapshotLayout.objectBytes(0));
    long textBytes = column.write(values.rows()).length() + written.storedBytes();
    int width = form.bits();
    int bitsEach = width - NumericIds.bucketBits(users, width);
    return bitsEach * (long) sample.size() <= Byte.SIZE * textBytes;
  }
}
