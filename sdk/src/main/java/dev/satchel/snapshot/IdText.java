package dev.satchel.snapshot;

import static dev.satchel.snapshot.Snapshot.NO_USER;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The form of texts that share a prefix, followed by digits.
 *
 * @param kind how the digits are written
 * @param prefix the text before them, may be empty
 * @param digits how many digits there are, or 0 for as many as the number needs
 */
record IdText(Kind kind, String prefix, int digits) implements TextForm {

  /** How digits are written. */
  enum Kind {
    /** A UUID's 36 characters; letters of either case when read, lower case when written. */
    ANY_UUID(36),
    /** A UUID's 36 characters in lower case. */
    LOWER_UUID(36),
    /** 1 to 32 digits of base 16, lower case. */
    LOWER_HEX(32),
    /** 1 to 18 digits of base 10. */
    DECIMAL(18);

    final int mostDigits;

    Kind(int mostDigits) {
      this.mostDigits = mostDigits;
    }
  }

  /** The kinds in the order of their codes, which is part of the format. */
  static final List<Kind> CODES =
      List.of(Kind.ANY_UUID, Kind.LOWER_UUID, Kind.LOWER_HEX, Kind.DECIMAL);

  static final IdText ANY_UUID = new IdText(Kind.ANY_UUID, "", 36);

  private static final byte[] HEX = new byte[128];
  private static final byte[] LOWER_HEX = new byte[128];

  static {
    Arrays.fill(HEX, (byte) -1);
    for (int i = 0; i < 16; i++) {
      HEX[Character.forDigit(i, 16)] = (byte) i;
    }
    System.arraycopy(HEX, 0, LOWER_HEX, 0, HEX.length);
    for (int i = 10; i < 16; i++) {
      HEX[Character.toUpperCase(Character.forDigit(i, 16))] = (byte) i;
    }
  }

  /** Returns whether texts of this form can exist. */
  boolean isSound() {
    return switch (kind) {
      case ANY_UUID, LOWER_UUID -> digits == 36;
      case LOWER_HEX -> digits >= 1 && digits <= kind.mostDigits;
      case DECIMAL -> digits <= kind.mostDigits;
    };
  }

  @Override
  public void describe(ByteWriter out) {
    out.text("text numbers");
    out.u8(CODES.indexOf(kind));
    out.text(prefix);
    out.u8(digits);
  }

  @Override
  public boolean isUuid() {
    return prefix.isEmpty() && kind == Kind.LOWER_UUID;
  }

  @Override
  public int find(String text, NumberSearch ids, @Nullable Column next) {
    int from = prefix.length();
    int length = text.length() - from;
    if (digits == 0 ? length < 1 || length > kind.mostDigits : length != digits) {
      return NO_USER;
    }
    if (!text.startsWith(prefix)) {
      return NO_USER;
    }
    return switch (kind) {
      case ANY_UUID -> findUuid(text, from, HEX, ids, next);
      case LOWER_UUID -> findUuid(text, from, LOWER_HEX, ids, next);
      case LOWER_HEX -> findHex(text, from, ids, next);
      case DECIMAL -> {
        long number = decimal(text, from);
        yield number < 0 ? NO_USER : ids.find(0, number, next);
      }
    };
  }

  private static int findUuid(
      String text, int from, byte[] values, NumberSearch ids, @Nullable Column next) {
    if (text.charAt(from + 8) != '-'
        || text.charAt(from + 13) != '-'
        || text.charAt(from + 18) != '-'
        || text.charAt(from + 23) != '-') {
      return NO_USER;
    }
    long a = hex(text, from, from + 8, values);
    long b = hex(text, from + 9, from + 13, values);
    long c = hex(text, from + 14, from + 18, values);
    long d = hex(text, from + 19, from + 23, values);
    long e = hex(text, from + 24, from + 36, values);
    return (a | b | c | d | e) < 0
        ? NO_USER
        : ids.find((a << 32) | (b << 16) | c, (d << 48) | e, next);
  }

  private static int findHex(String text, int from, NumberSearch ids, @Nullable Column next) {
    int end = text.length();
    // in pieces of at most 8 digits, so that a negative result can tell a bad one
    int low0 = Math.max(from, end - 8);
    int low1 = Math.max(from, end - 16);
    int high0 = Math.max(from, end - 24);
    long a = hex(text, from, high0, LOWER_HEX);
    long b = hex(text, high0, low1, LOWER_HEX);
    long c = hex(text, low1, low0, LOWER_HEX);
    long d = hex(text, low0, end, LOWER_HEX);
    return (a | b | c | d) < 0 ? NO_USER : ids.find((a << 32) | b, (c << 32) | d, next);
  }

  /**
   * Returns the number that up to 15 digits of base 16 spell, or a negative one if a character is
   * no digit.
   */
  private static long hex(String text, int from, int to, byte[] values) {
    long value = 0;
    long bad = 0;
    for (int i = from; i < to; i++) {
      int c = text.charAt(i);
      int digit = c < 128 ? values[c] : -1;
      bad |= digit;
      value = (value << 4) | digit;
    }
    return bad < 0 ? -1 : value;
  }

  /**
   * Returns the number that the decimal digits spell, or a negative one if the text is not its only
   * spelling.
   */
  private long decimal(String text, int from) {
    if (digits == 0 && text.charAt(from) == '0' && text.length() - from > 1) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  @Override
  public long @Nullable [] parse(String text) {
    long[] words = new long[2];
    String body = text.startsWith(prefix) ? text.substring(prefix.length()) : "";
    boolean sound =
        digits == 0 ? !body.isEmpty() && body.length() <= kind.mostDigits : body.length() == digits;
    if (!sound) {
      return null;
    }
    try {
      switch (kind) {
        case ANY_UUID, LOWER_UUID -> {
          UUID uuid = UUID.fromString(body);
          words[0] = uuid.getMostSignificantBits();
          words[1] = uuid.getLeastSignificantBits();
        }
        case LOWER_HEX -> {
          int split = Math.max(body.length() - 16, 0);
          words[0] = split == 0 ? 0 : Long.parseUnsignedLong(body.substring(0, split), 16);
          words[1] = Long.parseUnsignedLong(body.substring(split), 16);
        }
        case DECIMAL -> words[1] = Long.parseLong(body);
      }
    } catch (IllegalArgumentException e) {
      return null;
    }
    return text(words[0], words[1]).equals(text) ? words : null;
  }

  @Override
  public String text(long high, long low) {
    String body =
        switch (kind) {
          case ANY_UUID, LOWER_UUID -> new UUID(high, low).toString();
          case LOWER_HEX -> {
            String both = "%016x%016x".formatted(high, low);
            yield both.substring(both.length() - Math.min(digits, both.length()));
          }
          case DECIMAL -> {
            String plain = Long.toUnsignedString(low);
            yield "0".repeat(Math.max(digits - plain.length(), 0)) + plain;
          }
        };
    return prefix + body;
  }
}
