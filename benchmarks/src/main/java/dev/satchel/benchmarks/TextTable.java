package dev.satchel.benchmarks;

import java.util.Arrays;

/** The plain table for ids that are texts, as good as one can write it for each kind. */
final class TextTable {
  private static final String PREFIX = "user-";
  private static final String CODE_PREFIX = "cus_";
  private static final int CODE_LENGTH = 18;
  private static final int CODE_MIDDLE = 11;

  /** Maps each ASCII character that a code may have to its number below 62, all others to -1. */
  private static final byte[] CODE_DIGITS = new byte[128];

  static {
    Arrays.fill(CODE_DIGITS, (byte) -1);
    for (int i = 0; i < 36; i++) {
      char c = Character.forDigit(i, 36);
      CODE_DIGITS[Character.toUpperCase(c)] = (byte) i;
      if (i >= 10) {
        CODE_DIGITS[c] = (byte) (i + 26);
      }
    }
  }

  private final PlainTable table;

  TextTable(int users) {
    table = new PlainTable(users);
  }

  void putByHash(String id, boolean answer) {
    table.put(first(id), second(id), answer);
  }

  void putByNumber(String id, boolean answer) {
    table.put(1, number(id), answer);
  }

  void putByCode(String id, boolean answer) {
    table.put(
        code(id, CODE_PREFIX.length(), CODE_MIDDLE), code(id, CODE_MIDDLE, CODE_LENGTH), answer);
  }

  boolean isSetByCode(String id) {
    if (id.length() != CODE_LENGTH || !id.startsWith(CODE_PREFIX)) {
      return false;
    }
    long first = code(id, CODE_PREFIX.length(), CODE_MIDDLE);
    long second = code(id, CODE_MIDDLE, CODE_LENGTH);
    return (first | second) >= 0 && table.isSet(first, second);
  }

  boolean isSetByHash(String id) {
    return table.isSet(first(id), second(id));
  }

  boolean isSetByNumber(String id) {
    long number = number(id);
    return number >= 0 && table.isSet(1, number);
  }

  private static long first(String text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
    }
    return hash ^ hash >>> 32;
  }

  private static long second(String text) {
    long hash = ~text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash + text.charAt(i)) * 0xD6E8FEB86659FD93L;
    }
    return hash ^ hash >>> 32;
  }

  /**
   * Returns the number that a few letters and digits spell, or a negative one if any of them is
   * neither.
   */
  private static long code(String text, int from, int to) {
    long value = 0;
    long bad = 0;
    for (int i = from; i < to; i++) {
      int c = text.charAt(i);
      int digit = c < 128 ? CODE_DIGITS[c] : -1;
      bad |= digit;
      value = value * 62 + digit;
    }
    return bad < 0 ? -1 : value;
  }

  /** Returns the number after the prefix, or -1 if the text is not its canonical spelling. */
  private static long number(String text) {
    int digits = text.length() - PREFIX.length();
    if (digits < 1
        || digits > 18
        || !text.startsWith(PREFIX)
        || (digits > 1 && text.charAt(PREFIX.length()) == '0')) {
      return -1;
    }
    long value = 0;
    for (int i = PREFIX.length(); i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
