package dev.satchel.http;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A GET of HTTP/1.1, made on the caller's thread over a connection of its own.
 *
 * <p>The time is bounded for the whole of it, from the look-up of the name to the last byte of the
 * body, and so are the head and the body in size. Redirects are not followed, and a coding of the
 * body that was not asked for is refused by name. A thread that is interrupted meanwhile closes the
 * connection.
 *
 * @param address http or https
 * @param headers sent as they are, besides Host, Connection and Accept-Encoding
 * @param maxBytes the largest body to take
 * @param expectedBytes what the body will probably have, so that it is kept once and not copied; 0
 *     if nobody knows
 * @param timeout for all of it
 */
public record HttpGet(
    URI address, Map<String, String> headers, int maxBytes, int expectedBytes, Duration timeout) {

  /*
   * Why not java.net.http: before Java 21 a client cannot be closed, so that its selector thread
   * and its connections live until somebody collects garbage; its time limit ends at the headers;
   * and it sends no Basic credentials to a proxy for https unless the whole JVM is started with
   * -Djdk.http.auth.tunneling.disabledSchemes="". HttpURLConnection has the last of these as well,
   * and no time limit for a head that drips. A poll a minute gains nothing from connections that
   * are kept, and nothing goes wrong with one that a server has closed meanwhile.
   */

  /** Of header names and values; the answers that we read have less than a kilobyte. */
  static final int MAX_HEAD_BYTES = 65_536;

  public HttpGet {
    if (address.getHost() == null || !isHttp(address)) {
      throw new IllegalArgumentException(
          "expected an http or https address with a host but found scheme %s and host %s"
              .formatted(address.getScheme(), address.getHost()));
    }
    headers = Map.copyOf(headers);
    headers.forEach(HttpGet::checkHeader);
  }

  private static boolean isHttp(URI address) {
    return "http".equalsIgnoreCase(address.getScheme())
        || "https".equalsIgnoreCase(address.getScheme());
  }

  /** A line end in one would add headers to the request. */
  private static void checkHeader(String name, String value) {
    if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
      throw new IllegalArgumentException(
          "expected a header name of letters, digits and hyphens but found other characters");
    }
    if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 127))) {
      throw new IllegalArgumentException(
          "expected visible ASCII characters and spaces in header " + name + " but found others");
    }
  }

  /**
   * Sends it and waits for the whole answer.
   *
   * @throws HttpException if there is none
   * @throws InterruptedException if the thread was interrupted; the connection is closed then
   */
  public HttpAnswer send(NetworkOptions network) throws IOException, InterruptedException {
    var deadline = Deadline.in(timeout);
    try (var connection = Connection.open(address, network, deadline)) {
      connection.write(request(connection.proxyHeader()));
      return AnswerReader.read(connection, maxBytes, expectedBytes);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting for an answer");
      }
      throw new HttpException(
          "no whole answer after %d ms: %s"
              .formatted(deadline.elapsedMillis(), Reasons.inWords(e, address.getHost())));
    }
  }

  /**
   * @param proxyHeader for a proxy that is asked for the whole address, or null for the server's
   *     own
   */
  private byte[] request(@Nullable String proxyHeader) {
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    String target =
        (path.isEmpty() ? "/" : path)
            + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery());
    var request = new StringBuilder("GET ");
    if (proxyHeader != null) {
      request.append("http://").append(Connection.authority(address));
    }
    request.append(target).append(" HTTP/1.1\r\n");
    request.append("Host: ").append(Connection.authority(address)).append("\r\n");
    request.append("Connection: close\r\n");
    // any coding would be acceptable without it, and a small answer could open to a vast one
    request.append("Accept-Encoding: identity\r\n");
    headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    if (proxyHeader != null) {
      request.append(proxyHeader);
    }
    return request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
