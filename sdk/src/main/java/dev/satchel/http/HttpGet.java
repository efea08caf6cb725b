package dev.satchel.http;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A GET of HTTP/1.1, or the HEAD for one, made on the caller's thread over a connection of its own.
 *
 * <p>The whole exchange has one time limit, from looking up the name to the last byte of the body;
 * head and body have size limits. Redirects are not followed, and a content coding that was not
 * asked for is refused by name. Interrupting the thread closes the connection.
 *
 * @param address http or https
 * @param headers sent as they are, in addition to Host, Connection and Accept-Encoding
 * @param maxBytes the largest body to take
 * @param expectedBytes the probable size of the body, so that it need not be copied; 0 if unknown
 * @param timeout for the whole exchange
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

  /**
   * The most bytes of header names and values; the answers that we read have less than a kilobyte.
   */
  static final int MAX_HEAD_BYTES = 65_536;

  private static final String HEAD = "HEAD";

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

  /** Refuses a line end, which would add headers to the request. */
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
   * Sends the request and waits for the whole answer.
   *
   * @throws HttpException if there is none
   * @throws InterruptedException if the thread was interrupted; the connection is closed then
   */
  public HttpAnswer send(NetworkOptions network) throws IOException, InterruptedException {
    return send("GET", network);
  }

  /** Asks with HEAD for the same answer without its body; throws the same as {@link #send}. */
  public HttpAnswer sendHead(NetworkOptions network) throws IOException, InterruptedException {
    return send(HEAD, network);
  }

  private HttpAnswer send(String method, NetworkOptions network)
      throws IOException, InterruptedException {
    var deadline = Deadline.in(timeout);
    try (var connection = Connection.open(address, network, deadline)) {
      connection.write(request(method, connection.proxyHeader()));
      return method.equals(HEAD)
          ? AnswerReader.readHead(connection)
          : AnswerReader.read(connection, maxBytes, expectedBytes);
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
   * @param proxyHeader the header for a proxy that is asked for the whole address, or null to ask
   *     the server itself
   */
  private byte[] request(String method, @Nullable String proxyHeader) {
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    String target =
        (path.isEmpty() ? "/" : path)
            + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery());
    var request = new StringBuilder(method).append(' ');
    if (proxyHeader != null) {
      request.append("http://").append(Connection.authority(address));
    }
    request.append(target).append(" HTTP/1.1\r\n");
    request.append("Host: ").append(Connection.authority(address)).append("\r\n");
    request.append("Connection: close\r\n");
    // without it any coding would be acceptable, and a small answer could decompress to a vast one
    request.append("Accept-Encoding: identity\r\n");
    headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    if (proxyHeader != null) {
      request.append(proxyHeader);
    }
    return request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
