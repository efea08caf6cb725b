package dev.satchel.demo;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends targets as they are, which no other client does, and reads answers strictly. Keeps its
 * connection for as long as the server does. Confined to one thread.
 */
final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final int port;
  private @Nullable Socket socket;
  private @Nullable InputStream in;

  /**
   * An answer with all that HTTP asks for.
   *
   * @param headers names in lower case
   */
  record Answer(int status, Map<String, String> headers, String body) {
    Answer {
      headers = Map.copyOf(headers);
    }

    /** The header's value, or nothing. */
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  RawClient(int port) {
    this.port = port;
  }

  /** The answer to a GET, or empty if the server closes the connection instead. */
  Optional<Answer> get(String target) throws IOException {
    boolean isKept = socket != null;
    var answer = exchange(target, "");
    // the server may have closed the one that was kept, for being idle
    return answer.isEmpty() && isKept ? exchange(target, "") : answer;
  }

  /** The first answer to what may be more than one request, and none of those behind it. */
  Optional<Answer> getAndClose(String target) throws IOException {
    close();
    try {
      return exchange(target, "Connection: close\r\n");
    } finally {
      close();
    }
  }

  private Optional<Answer> exchange(String target, String header) throws IOException {
    Socket to = socket == null ? connect() : socket;
    InputStream from = in == null ? new BufferedInputStream(to.getInputStream()) : in;
    in = from;
    try {
      to.getOutputStream()
          .write(
              ("GET " + target + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      Answer answer = read(from);
      if (answer.header("connection").equals("close")) {
        close();
      }
      return Optional.of(answer);
    } catch (EOFException | SocketException closed) {
      close();
      return Optional.empty();
    }
  }

  private Socket connect() throws IOException {
    var connected = new Socket(InetAddress.getLoopbackAddress(), port);
    connected.setSoTimeout(TIMEOUT_MILLIS);
    connected.setTcpNoDelay(true);
    connected.setSoLinger(true, 0); // thousands of connections must not use up the ports
    socket = connected;
    return connected;
  }

  private static Answer read(InputStream from) throws IOException {
    String line = line(from);
    // the decoder repeats a malformed version, of one piece, as it was sent
    if (!line.matches("[!-~]+/[0-9]+\\.[0-9]+ [1-5][0-9][0-9] [ -~]*")) {
      throw new AssertionError("expected a status line but found " + line);
    }
    Map<String, String> headers = new HashMap<>();
    for (String header = line(from); !header.isEmpty(); header = line(from)) {
      int colon = header.indexOf(": ");
      if (colon < 1 || !header.matches("[ -~]+")) {
        throw new AssertionError("expected a header but found " + header);
      }
      String name = header.substring(0, colon).toLowerCase(Locale.ROOT);
      if (headers.put(name, header.substring(colon + 2)) != null) {
        throw new AssertionError("expected a header once but found " + name + " twice");
      }
    }
    String length = headers.getOrDefault("content-length", "none");
    if (!length.matches("[0-9]{1,9}")) {
      throw new AssertionError("expected a content length but found " + length);
    }
    byte[] body = from.readNBytes(Integer.parseInt(length));
    if (body.length != Integer.parseInt(length)) {
      throw new AssertionError("expected " + length + " bytes but found " + body.length);
    }
    return new Answer(
        Integer.parseInt(line.substring(line.indexOf(' ') + 1, line.indexOf(' ') + 4)),
        headers,
        new String(body, StandardCharsets.UTF_8));
  }

  private static String line(InputStream from) throws IOException {
    var line = new StringBuilder();
    for (int c = from.read(); c != '\n'; c = from.read()) {
      if (c < 0) {
        if (line.isEmpty()) {
          throw new EOFException("the connection is closed");
        }
        throw new AssertionError("expected an end of line behind " + line);
      }
      line.append((char) c);
    }
    if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
      throw new AssertionError("expected a carriage return at the end of " + line);
    }
    return line.substring(0, line.length() - 1);
  }

  @Override
  public void close() throws IOException {
    Socket open = socket;
    socket = null;
    in = null;
    if (open != null) {
      open.close();
    }
  }
}
