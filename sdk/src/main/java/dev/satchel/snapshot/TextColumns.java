package dev.satchel.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The columns of texts. */
final class TextColumns {
  private TextColumns() {}

  /** UTF-8 texts one after the other. */
  static final class Texts extends Column {
    final Lengths lengths;
    final byte[] utf8;

    Texts(Lengths lengths, byte[] utf8) {
      this.lengths = lengths;
      this.utf8 = utf8;
    }

    @Override
    Object value(int row) {
      return new String(utf8, lengths.startAt(row), lengths.lengthAt(row), StandardCharsets.UTF_8);
    }

    @Override
    int touchText(int row) {
      int start = lengths.startAt(row);
      return start < utf8.length ? utf8[start] : 0;
    }

    @Override
    boolean textEquals(int row, String text) {
      int length = lengths.lengthAt(row);
      if (length < text.length() || length > 3 * text.length()) {
        return false; // a UTF-16 unit takes one to three bytes of UTF-8
      }
      return matchAt(row, text, 0) == text.length();
    }

    @Override
    int matchAt(int row, String text, int from) {
      int at = lengths.startAt(row);
      int end = at + lengths.lengthAt(row);
      int i = from;
      while (at < end) {
        int b = utf8[at];
        if (b < 0) {
          return matchWide(row, text, from);
        }
        if (i == text.length() || text.charAt(i) != b) {
          return -1;
        }
        at++;
        i++;
      }
      return i;
    }

    /** Does the same as {@link #matchAt}, for texts that are not ASCII. */
    private int matchWide(int row, String text, int from) {
      int at = lengths.startAt(row);
      int end = at + lengths.lengthAt(row);
      int i = from;
      while (at < end) {
        int b = utf8[at] & 0xFF;
        int bytes = b < 0x80 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
        if (i >= text.length() || at + bytes > end) {
          return -1;
        }
        int point = text.codePointAt(i);
        if (codePoint(at, bytes) != point) {
          return -1;
        }
        at += bytes;
        i += Character.charCount(point);
      }
      return i;
    }

    private int codePoint(int at, int bytes) {
      if (bytes == 1) {
        return utf8[at];
      }
      int point = utf8[at] & (0xFF >>> (bytes + 1));
      for (int i = 1; i < bytes; i++) {
        point = (point << 6) | (utf8[at + i] & 0x3F);
      }
      return point;
    }

    @Override
    long weight() {
      return PlainValue.NODE_WEIGHT + (long) lengths.longest();
    }

    @Override
    long bytes() {
      return lengths.bytes() + utf8.length;
    }
  }

  /** UUIDs as texts of 36 characters in lower case. */
  static final class UuidTexts extends Column {
    final byte[] words;

    UuidTexts(byte[] words) {
      this.words = words;
    }

    @Override
    Object value(int row) {
      return new UUID(
              LittleEndian.getLong(words, row * 16), LittleEndian.getLong(words, row * 16 + 8))
          .toString();
    }

    @Override
    int matchAt(int row, String text, int from) {
      return match(value(row), text, from);
    }

    @Override
    long weight() {
      return PlainValue.NODE_WEIGHT + 36L;
    }

    @Override
    long bytes() {
      return words.length;
    }
  }

  /**
   * Moments or days as texts of ISO 8601; a number without a text reads as the nearest with one.
   */
  static final class Times extends Column {
    final TimeText form;
    final ScalarColumns.Numbers numbers;

    Times(TimeText form, ScalarColumns.Numbers numbers) {
      this.form = form;
      this.numbers = numbers;
    }

    @Override
    Object value(int row) {
      long number = numbers.numberAt(row);
      return form.text(Math.min(Math.max(number, form.smallest()), form.largest()));
    }

    @Override
    int matchAt(int row, String text, int from) {
      return match(value(row), text, from);
    }

    @Override
    long weight() {
      return PlainValue.NODE_WEIGHT + 27L;
    }

    @Override
    long bytes() {
      return numbers.bytes();
    }
  }

  /** Texts that start with another field's text of the same user. */
  static final class Prefixed extends Column {
    final Column other;
    final Column rest;

    Prefixed(Column other, Column rest) {
      this.other = other;
      this.rest = rest;
    }

    @Override
    @Nullable Object value(int row) {
      return other.value(row) instanceof String start && rest.value(row) instanceof String end
          ? start + end
          : Snapshot.ABSENT;
    }

    @Override
    boolean isAbsent(int row) {
      return value(row) == Snapshot.ABSENT;
    }

    @Override
    int touchText(int row) {
      return other.touchText(row) | rest.touchText(row);
    }

    @Override
    int matchAt(int row, String text, int from) {
      int at = other.matchAt(row, text, from);
      return at < 0 ? -1 : rest.matchAt(row, text, at);
    }

    @Override
    long weight() {
      return other.weight() + rest.weight();
    }

    @Override
    long bytes() {
      return rest.bytes();
    }
  }

  /**
   * Texts of one pattern: a literal, a part, a literal, …, a literal. A part is a column of texts,
   * or of numbers written with at least {@code digits} digits.
   */
  static final class Pattern extends Column {
    private static final int MAX_DIGITS = 20; // of a long, its sign included

    final String[] literals;
    final Column[] parts;

    /** For each part that is a number, how many digits it has at least, 1 or more; 0 for texts. */
    final int[] digits;

    private final long weight;

    Pattern(String[] literals, Column[] parts, int[] digits) {
      this.literals = literals;
      this.parts = parts;
      this.digits = digits;
      long sum = PlainValue.NODE_WEIGHT + PlainValue.textWeight(literals[0]);
      for (int i = 0; i < parts.length; i++) {
        long part = digits[i] > 0 ? Math.max(digits[i], MAX_DIGITS) : parts[i].weight();
        sum += part + PlainValue.textWeight(literals[i + 1]);
      }
      this.weight = sum;
    }

    @Override
    Object value(int row) {
      StringBuilder text = new StringBuilder(literals[0]);
      for (int i = 0; i < parts.length; i++) {
        if (digits[i] > 0) {
          String number = Long.toString(parts[i].longAt(row, 0));
          text.append("0".repeat(Math.max(0, digits[i] - number.length()))).append(number);
        } else if (parts[i].value(row) instanceof String part) {
          text.append(part);
        }
        text.append(literals[i + 1]);
      }
      return text.toString();
    }

    @Override
    int touchText(int row) {
      int touched = 0;
      for (Column part : parts) {
        touched |= part.touchText(row);
      }
      return touched;
    }

    @Override
    int matchAt(int row, String text, int from) {
      int at = from;
      for (int i = 0; i < parts.length; i++) {
        if (!text.startsWith(literals[i], at)) {
          return -1;
        }
        at += literals[i].length();
        at =
            digits[i] > 0
                ? matchNumber(parts[i].longAt(row, 0), digits[i], text, at)
                : parts[i].matchAt(row, text, at);
        if (at < 0) {
          return -1;
        }
      }
      String last = literals[parts.length];
      return text.startsWith(last, at) ? at + last.length() : -1;
    }

    private static int matchNumber(long number, int least, String text, int from) {
      int length = 1;
      for (long rest = number; rest >= 10; rest /= 10) {
        length++;
      }
      length = Math.max(length, least);
      if (number < 0 || from + length > text.length()) {
        return -1;
      }
      long rest = number;
      for (int i = from + length - 1; i >= from; i--) {
        if (text.charAt(i) != '0' + rest % 10) {
          return -1;
        }
        rest /= 10;
      }
      return from + length;
    }

    @Override
    long weight() {
      return weight;
    }

    @Override
    long bytes() {
      return Arrays.stream(parts).mapToLong(Column::bytes).sum();
    }
  }
}
