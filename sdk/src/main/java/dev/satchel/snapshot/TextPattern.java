package dev.satchel.snapshot;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pattern that many texts follow, such as {@code word-word-number}: runs of letters, runs of
 * digits, and the single characters between them.
 */
final class TextPattern {
  private static final int MAX_PARTS = 12;

  /** The most digits of a number: a long holds any of this length. */
  private static final int MAX_DIGITS = 18;

  private final List<String> literals = new ArrayList<>();
  private final List<Boolean> numeric = new ArrayList<>();
  private final List<Integer> digits = new ArrayList<>();

  private TextPattern(String shape) {
    StringBuilder literal = new StringBuilder();
    for (int i = 0; i < shape.length(); i++) {
      char c = shape.charAt(i);
      if (c == 'W' || c == 'D') {
        literals.add(literal.toString());
        literal.setLength(0);
        numeric.add(c == 'D');
        digits.add(0);
      } else {
        literal.append(c);
      }
    }
    literals.add(literal.toString());
  }

  /** Returns the shape of a text; null if it has too many parts to be worth a pattern. */
  static @Nullable String shapeOf(String text) {
    StringBuilder shape = new StringBuilder();
    int parts = 0;
    for (int i = 0; i < text.length(); ) {
      char c = text.charAt(i);
      int end = runEnd(text, i);
      if (isDigit(c) || isLetter(c)) {
        shape.append(isDigit(c) ? 'D' : 'W');
        if (++parts > MAX_PARTS || (isDigit(c) && end - i > MAX_DIGITS)) {
          return null;
        }
      } else {
        shape.append(c);
      }
      i = end;
    }
    return shape.toString();
  }

  /**
   * Returns the pattern of this shape for the texts that have it. Digits become numbers if one rule
   * for leading zeros fits all texts, else they stay text.
   */
  static TextPattern of(String shape, Iterable<String> texts) {
    TextPattern pattern = new TextPattern(shape);
    for (int part = 0; part < pattern.parts(); part++) {
      if (pattern.numeric.get(part)) {
        pattern.digits.set(part, pattern.digitsFor(part, texts));
      }
    }
    return pattern;
  }

  private int digitsFor(int part, Iterable<String> texts) {
    int shortest = MAX_DIGITS;
    int longestPadded = 0;
    for (String text : texts) {
      String run = part(text, part);
      shortest = Math.min(shortest, run.length());
      if (run.length() > 1 && run.charAt(0) == '0') {
        longestPadded = Math.max(longestPadded, run.length());
      }
    }
    // at least n digits describes every run exactly if runs of n digits or fewer all have n digits
    return longestPadded == 0 ? 1 : longestPadded == shortest ? shortest : 0;
  }

  boolean matches(String text) {
    return split(text, new String[parts()]);
  }

  /** Returns whether a text follows the pattern exactly; if so, its parts are in {@code parts}. */
  boolean split(String text, String[] parts) {
    int at = 0;
    for (int part = 0; part < parts.length; part++) {
      String literal = literals.get(part);
      if (!text.startsWith(literal, at)) {
        return false;
      }
      at += literal.length();
      if (at == text.length()) {
        return false;
      }
      boolean digit = isDigit(text.charAt(at));
      if (digit != numeric.get(part) || !(digit || isLetter(text.charAt(at)))) {
        return false;
      }
      int end = runEnd(text, at);
      if (digit && !isExact(text, at, end - at, digits.get(part))) {
        return false;
      }
      parts[part] = text.substring(at, end);
      at = end;
    }
    String last = literals.get(parts.length);
    return text.startsWith(last, at) && text.length() == at + last.length();
  }

  /** Returns whether writing the number with at least {@code least} digits gives this run again. */
  private static boolean isExact(String text, int at, int length, int least) {
    return length <= MAX_DIGITS
        && (least == 0 || length == least || (length > least && text.charAt(at) != '0'));
  }

  int parts() {
    return numeric.size();
  }

  String literal(int i) {
    return literals.get(i);
  }

  /** Returns how many digits a part that is a number has at least, or 0 for a text. */
  int digits(int part) {
    return digits.get(part);
  }

  /** Returns one part of a text that has the shape. */
  private String part(String text, int part) {
    int at = 0;
    for (int i = 0; ; i++) {
      at += literals.get(i).length();
      int end = runEnd(text, at);
      if (i == part) {
        return text.substring(at, end);
      }
      at = end;
    }
  }

  private static int runEnd(String text, int from) {
    char first = text.charAt(from);
    int end = from + 1;
    if (isDigit(first)) {
      while (end < text.length() && isDigit(text.charAt(end))) {
        end++;
      }
    } else if (isLetter(first)) {
      while (end < text.length() && isLetter(text.charAt(end))) {
        end++;
      }
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /**
   * Returns whether this is a letter. Everything above ASCII is, so that surrogate pairs are never
   * split.
   */
  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 128;
  }
}
