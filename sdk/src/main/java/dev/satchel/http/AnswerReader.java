package dev.satchel.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads an answer of HTTP/1.1 (RFC 9112) and trusts nothing in it. */
final class AnswerReader {
  private static final int MAX_CHUNK_DIGITS = 8;

  private final AnswerBytes arriving;
  private final int maxBytes;
  private byte[] body = {};
  private int bytes;

  private AnswerReader(AnswerBytes arriving, int maxBytes) {
    this.arriving = arriving;
    this.maxBytes = maxBytes;
  }

  /** Status and headers. */
  record Head(int status, Map<String, String> headers) {

    static Head read(AnswerBytes arriving) throws IOException {
      int[] left = {HttpGet.MAX_HEAD_BYTES};
      String first = line(arriving, left);
      if (!first.matches("HTTP/1\\.[01] [1-9][0-9][0-9]( .*)?")) {
        throw new ProtocolException("expected an answer of HTTP/1.1 but found something else");
      }
      var headers = new HashMap<String, String>();
      for (String line = line(arriving, left); !line.isEmpty(); line = line(arriving, left)) {
        int colon = line.indexOf(':');
        if (colon < 1) {
          throw new ProtocolException("expected a header but found a line without a name");
        }
        String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        String value = line.substring(colon + 1).strip();
        String earlier = headers.putIfAbsent(name, value);
        if (earlier != null && name.equals("content-length") && !earlier.equals(value)) {
          throw new ProtocolException("expected one Content-Length but found two that differ");
        }
      }
      return new Head(Integer.parseInt(first.substring(9, 12)), Map.copyOf(headers));
    }
  }

  /**
   * Returns the next line without its end.
   *
   * @param left one element: how many bytes the lines may still have
   */
  private static String line(AnswerBytes arriving, int[] left) throws IOException {
    var line = new StringBuilder();
    for (int next = arriving.readOrFail(); next != '\n'; next = arriving.readOrFail()) {
      if (--left[0] < 0) {
        throw new ProtocolException(
            "expected at most " + HttpGet.MAX_HEAD_BYTES + " bytes of headers but found more");
      }
      line.append((char) next);
    }
    int length = line.length();
    if (length > 0 && line.charAt(length - 1) == '\r') {
      line.setLength(length - 1);
    }
    return line.toString();
  }

  static HttpAnswer read(AnswerBytes arriving, int maxBytes, int expectedBytes) throws IOException {
    return new AnswerReader(arriving, maxBytes).read(finalHead(arriving), expectedBytes);
  }

  /** Reads an answer to HEAD, which has no body whatever its headers say. */
  static HttpAnswer readHead(AnswerBytes arriving) throws IOException {
    Head head = finalHead(arriving);
    return new HttpAnswer(head.status(), head.headers(), new byte[0], true);
  }

  private static Head finalHead(AnswerBytes arriving) throws IOException {
    Head head = Head.read(arriving);
    for (int interim = 0; head.status() < 200; interim++) {
      if (interim == 8) {
        throw new ProtocolException("expected an answer but found interim ones without end");
      }
      head = Head.read(arriving);
    }
    return head;
  }

  private HttpAnswer read(Head head, int expectedBytes) throws IOException {
    int status = head.status();
    Map<String, String> headers = head.headers();
    if (status == 204 || status == 304) {
      return new HttpAnswer(status, headers, body, true);
    }
    String coding = headers.getOrDefault("content-encoding", "identity").toLowerCase(Locale.ROOT);
    if (!coding.equals("identity")) {
      if (status == 200) {
        throw new ProtocolException(
            "expected a body without content encoding but found "
                + (coding.matches("[a-z0-9, -]{1,40}") ? coding : "another"));
      }
      return new HttpAnswer(
          status, headers, body, true); // what a refusal says, which cannot be read
    }
    String transfer = headers.get("transfer-encoding");
    String length = headers.get("content-length");
    if (transfer != null) {
      if (!transfer.equalsIgnoreCase("chunked")) {
        throw new ProtocolException("expected transfer encoding chunked but found another");
      }
      reserve(Math.min(Math.max(expectedBytes, 0), maxBytes));
      readChunks();
    } else if (length != null) {
      if (!length.matches("[0-9]{1,18}")) {
        throw new ProtocolException("expected a number as Content-Length but found another text");
      }
      long announced = Long.parseLong(length);
      if (announced > maxBytes) {
        throw tooLong();
      }
      reserve((int) announced);
      take((int) announced);
    } else {
      reserve(Math.min(Math.max(expectedBytes, 0), maxBytes));
      readToEnd();
    }
    byte[] whole = bytes == body.length ? body : Arrays.copyOf(body, bytes);
    return new HttpAnswer(status, headers, whole, transfer != null || length != null);
  }

  private void readChunks() throws IOException {
    int[] left = {HttpGet.MAX_HEAD_BYTES};
    for (int size = chunkSize(left); size > 0; size = chunkSize(left)) {
      take(size);
      if (arriving.readOrFail() != '\r' || arriving.readOrFail() != '\n') {
        throw new ProtocolException("expected the end of a chunk but found more of it");
      }
    }
    while (!line(arriving, left).isEmpty()) {
      // trailers, though none are asked for
    }
  }

  /**
   * Reads the size of a chunk, which has a limit of its own: a body in one-byte chunks has more
   * lines than a head may.
   */
  private int chunkSize(int[] left) throws IOException {
    left[0] = Math.max(left[0], MAX_CHUNK_DIGITS * 64);
    String digits = line(arriving, left).split(";", 2)[0].strip();
    if (!digits.matches("[0-9a-fA-F]{1," + MAX_CHUNK_DIGITS + "}")) {
      throw new ProtocolException("expected the size of a chunk but found something else");
    }
    long size = Long.parseLong(digits, 16);
    if (size > maxBytes - bytes) {
      throw tooLong();
    }
    return (int) size;
  }

  private void take(int size) throws IOException {
    reserve(bytes + size);
    for (int end = bytes + size; bytes < end; ) {
      int some = arriving.read(body, bytes, end - bytes);
      if (some < 0) {
        throw new EOFException("the connection ended after %d of %d bytes".formatted(bytes, end));
      }
      bytes += some;
    }
  }

  private void readToEnd() throws IOException {
    reserve(Math.min(maxBytes, 1_024));
    for (int some = 0; some >= 0; bytes += Math.max(0, some)) {
      if (bytes == body.length) {
        if (bytes == maxBytes) {
          if (arriving.read() >= 0) {
            throw tooLong();
          }
          return;
        }
        reserve(bytes + 1);
      }
      some = arriving.read(body, bytes, body.length - bytes);
    }
  }

  /** Makes room for this many bytes in all. */
  private void reserve(int size) {
    if (size > body.length) {
      int larger = body.length == 0 ? size : Math.max(size, Math.min(maxBytes, 2 * body.length));
      body = Arrays.copyOf(body, larger);
    }
  }

  private ProtocolException tooLong() {
    return new ProtocolException(
        "expected at most " + maxBytes + " bytes but the answer is longer");
  }
}
