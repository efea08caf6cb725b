package dev.satchel.publisher.check;

import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * One answer of the address.
 *
 * @param body all of it, or one byte more than a value may have
 * @param at when it had come
 * @param took from asking to the last byte
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record Answer(
    int status,
    HttpHeaders headers,
    byte[] body,
    HttpClient.Version version,
    Instant at,
    Duration took) {
  private static final Pattern REVISION = Pattern.compile("[1-9][0-9]{0,17}");
  private static final int MOST_SHOWN = 80;

  /**
   * Returns a header in one line of printable characters, cut if it is long; "" if it is not there.
   */
  String header(String name) {
    return shown(headers.firstValue(name).orElse(""));
  }

  static String shown(String text) {
    String line = text.replaceAll("[^ -~]", "?");
    return line.length() <= MOST_SHOWN ? line : line.substring(0, MOST_SHOWN) + "…";
  }

  boolean has(String name) {
    return headers.firstValue(name).isPresent();
  }

  /** Returns the ETag as it came; "" if there is none. */
  String etag() {
    return headers.firstValue("etag").orElse("");
  }

  String sha256() {
    return headers.firstValue("satchel-sha-256").orElse("");
  }

  /** Returns the revision that the headers name, 0 for none that could be one. */
  long revision() {
    String text = headers.firstValue("satchel-revision").orElse("");
    return REVISION.matcher(text).matches() ? Long.parseLong(text) : 0;
  }

  /** Returns the status and, for a redirect, that it is one. */
  String statusInWords() {
    return "status " + status;
  }
}
