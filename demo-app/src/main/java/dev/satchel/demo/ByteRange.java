package dev.satchel.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The part of a value that a Range header asks for: {@code first} to {@code last}, inclusive. */
record ByteRange(int first, int last) {
  /** Stands for a range that begins past the end; the answer is status 416. */
  static final ByteRange UNSATISFIABLE = new ByteRange(0, -1);

  // RFC 9110, 14.1.2; at most 18 digits, so that they fit a long
  private static final Pattern ONE_RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /**
   * Returns the range that {@code header} asks for, {@link #UNSATISFIABLE}, or null where the whole
   * value is the right answer: no header, one that is malformed, or several ranges, which a server
   * may ignore.
   */
  static @Nullable ByteRange parse(@Nullable String header, int length) {
    if (header == null) {
      return null;
    }
    Matcher found = ONE_RANGE.matcher(header.strip());
    if (!found.matches()) {
      return null;
    }
    String from = found.group(1);
    String to = found.group(2);
    if (from.isEmpty()) {
      return to.isEmpty() ? null : suffix(Long.parseLong(to), length);
    }
    long first = Long.parseLong(from);
    long last = to.isEmpty() ? length - 1L : Long.parseLong(to);
    if (!to.isEmpty() && last < first) {
      return null;
    }
    return first >= length
        ? UNSATISFIABLE
        : new ByteRange((int) first, (int) Math.min(last, length - 1L));
  }

  private static ByteRange suffix(long bytes, int length) {
    return bytes == 0 || length == 0
        ? UNSATISFIABLE
        : new ByteRange((int) Math.max(0, length - bytes), length - 1);
  }

  String contentRange(int length) {
    return "bytes %d-%d/%d".formatted(first, last, length);
  }
}
