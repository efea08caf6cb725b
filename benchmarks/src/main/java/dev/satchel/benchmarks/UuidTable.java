package dev.satchel.benchmarks;

import java.util.Arrays;
import java.util.UUID;

/** The plain table, asked by UUID and by text with a parser written for the purpose. */
final class UuidTable implements Lookup {
  private static final byte[] DIGITS = new byte[128];

  static {
    Arrays.fill(DIGITS, (byte) -1);
    for (int i = 0; i < 16; i++) {
      DIGITS[Character.forDigit(i, 16)] = (byte) i;
      DIGITS[Character.toUpperCase(Character.forDigit(i, 16))] = (byte) i;
    }
  }

  private final PlainTable table;

  UuidTable(PlainTable table) {
    this.table = table;
  }

  @Override
  public boolean isPreview(UUID id) {
    return table.isSet(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  @Override
  public boolean isPreview(String id) {
    if (id.length() != 36
        || id.charAt(8) != '-'
        || id.charAt(13) != '-'
        || id.charAt(18) != '-'
        || id.charAt(23) != '-') {
      return false;
    }
    long a = hex(id, 0, 8);
    long b = hex(id, 9, 13);
    long c = hex(id, 14, 18);
    long d = hex(id, 19, 23);
    long e = hex(id, 24, 36);
    return (a | b | c | d | e) >= 0 && table.isSet(a << 32 | b << 16 | c, d << 48 | e);
  }

  /**
   * Returns the number that at most 15 hex digits spell, or a negative one if any is not a digit.
   */
  private static long hex(String text, int from, int to) {
    long value = 0;
    long bad = 0;
    for (int i = from; i < to; i++) {
      int c = text.charAt(i);
      int digit = c < 128 ? DIGITS[c] : -1;
      bad |= digit;
      value = value << 4 | digit;
    }
    return bad < 0 ? -1 : value;
  }
}
