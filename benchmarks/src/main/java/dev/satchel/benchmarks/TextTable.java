package dev.satchel.benchmarks;

/** The plain table for ids that are texts, as good as one can write it for each kind. */
final class TextTable {
  private static final String PREFIX = "user-";

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

  /** The number behind the prefix, or -1 if it is not the one spelling of any. */
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
