package dev.satchel.kv;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Makes other people's text fit for a message: one short line that cannot show our secret. */
record ForeignText(Credentials credentials) {
  private static final int MAX_CHARACTERS = 200;
  private static final int MAX_BYTES = 4_096;

  /** Control, formatting and unassigned characters, lone surrogates, and white space. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Z}]+");

  String quote(String text) {
    var line = UNPRINTABLE.matcher(text).replaceAll(" ").strip();
    // after the cleaning, which could join the pieces of an echoed secret
    var safe = credentials.removeFrom(line);
    if (safe.length() <= MAX_CHARACTERS) {
      return safe;
    }
    int end = Character.isHighSurrogate(safe.charAt(MAX_CHARACTERS - 1)) ? 1 : 0;
    return safe.substring(0, MAX_CHARACTERS - end) + "…";
  }

  String quote(byte[] bytes) {
    int some = Math.min(bytes.length, MAX_BYTES);
    return quote(new String(bytes, 0, some, StandardCharsets.UTF_8));
  }
}
