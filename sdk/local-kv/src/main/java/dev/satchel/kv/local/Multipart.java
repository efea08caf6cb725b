package dev.satchel.kv.local;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a multipart/form-data body (RFC 7578), with the exact bytes of each, be it a file or
 * a text.
 */
final class Multipart {
  private static final Pattern BOUNDARY =
      Pattern.compile(
          ";\\s*boundary=(?:\"([^\"]{1,200})\"|([^;\\s]{1,200}))", Pattern.CASE_INSENSITIVE);
  private static final Pattern NAME =
      Pattern.compile("[;\\s]name=(?:\"([^\"]*)\"|([^;\\s]+))", Pattern.CASE_INSENSITIVE);
  private static final byte[] BLANK_LINE = {'\r', '\n', '\r', '\n'};
  private static final int PART_HEADER_BYTES = 8_192;

  private Multipart() {}

  static boolean isMultipart(@Nullable String contentType) {
    return contentType != null
        && contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
  }

  /** Returns the parts by name; of two with one name the first counts. */
  static Map<String, byte[]> parts(String contentType, byte[] body) {
    Matcher matcher = BOUNDARY.matcher(contentType);
    if (!matcher.find()) {
      throw Refusal.badRequest("expected a boundary in the content type of a multipart body");
    }
    String boundary = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    byte[] delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);

    Map<String, byte[]> parts = new HashMap<>();
    int at = afterFirstDelimiter(body, delimiter);
    while (!startsWith(body, at, "--")) {
      int line = indexOf(body, new byte[] {'\r', '\n'}, at, body.length);
      if (line < 0) {
        throw unfinished();
      }
      // a part without headers has its blank line right after the boundary's
      int blank = indexOf(body, BLANK_LINE, line, Math.min(body.length, line + PART_HEADER_BYTES));
      if (blank < 0) {
        throw unfinished();
      }
      int content = blank + BLANK_LINE.length;
      // from two back, as the line end of the headers may be the one before the boundary
      int end = indexOf(body, delimiter, content - 2, body.length);
      if (end < 0) {
        throw unfinished();
      }
      String name = name(new String(body, line, blank - line, StandardCharsets.UTF_8));
      if (name != null) {
        parts.putIfAbsent(name, Arrays.copyOfRange(body, content, Math.max(content, end)));
      }
      at = end + delimiter.length;
    }
    return parts;
  }

  private static int afterFirstDelimiter(byte[] body, byte[] delimiter) {
    // the first boundary may open the body, without the line end of the others
    if (Arrays.equals(
        body, 0, Math.min(body.length, delimiter.length - 2), delimiter, 2, delimiter.length)) {
      return delimiter.length - 2;
    }
    int first = indexOf(body, delimiter, 0, body.length);
    if (first < 0) {
      throw Refusal.badRequest("expected the boundary of the content type in the multipart body");
    }
    return first + delimiter.length;
  }

  private static @Nullable String name(String headers) {
    for (String header : headers.split("\r\n", -1)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
        Matcher matcher = NAME.matcher(header);
        if (matcher.find()) {
          return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        }
      }
    }
    return null;
  }

  private static boolean startsWith(byte[] body, int at, String text) {
    if (at + text.length() > body.length) {
      throw unfinished();
    }
    return body[at] == text.charAt(0) && body[at + 1] == text.charAt(1);
  }

  private static int indexOf(byte[] body, byte[] wanted, int from, int to) {
    int last = to - wanted.length;
    for (int i = from; i <= last; i++) {
      if (body[i] == wanted[0]
          && Arrays.equals(body, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  private static Refusal unfinished() {
    return Refusal.badRequest("expected a closing boundary at the end of the multipart body");
  }
}
