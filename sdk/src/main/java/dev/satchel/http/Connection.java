package dev.satchel.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server, behind a proxy or not, with TLS or not. Every read is bounded by the
 * deadline. Confined to one thread; interrupting that thread closes the connection.
 */
final class Connection implements AnswerBytes, AutoCloseable {
  private static final int BUFFER_BYTES = 16_384;

  private final Deadline deadline;
  private Socket socket;
  private InputStream in;

  /** The buffer's bytes from {@code at} to {@code end} have arrived and are not read yet. */
  private final byte[] buffer = new byte[BUFFER_BYTES];

  private int at;
  private int end;
  private @Nullable String proxyHeader;

  private Connection(Socket socket, Deadline deadline) throws IOException {
    this.socket = socket;
    this.deadline = deadline;
    this.in = socket.getInputStream();
  }

  static Connection open(URI address, NetworkOptions network, Deadline deadline)
      throws IOException {
    NetworkOptions.Route route = network.route(address);
    boolean tls = "https".equalsIgnoreCase(address.getScheme());
    var proxy = route.httpProxy();
    var connection =
        new Connection(
            proxy == null
                ? connected(route, host(address), port(address), deadline)
                : connected(route, proxy.getHostString(), proxy.getPort(), deadline),
            deadline);
    try {
      if (proxy != null && tls) {
        connection.tunnel(address, route);
      } else if (proxy != null) {
        connection.proxyHeader = route.authorization();
      }
      if (tls) {
        connection.secure(address, network);
      }
      return connection;
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Returns the headers for a proxy that is asked for the whole address; null if there is no such
   * proxy.
   */
  @Nullable String proxyHeader() {
    return proxyHeader;
  }

  /** Tries all addresses of a name, in the order in which the resolver gives them. */
  private static Socket connected(
      NetworkOptions.Route route, String host, int port, Deadline deadline) throws IOException {
    if (route.socksProxy() != null) {
      var socket = new Socket(route.socksProxy());
      return connected(socket, InetSocketAddress.createUnresolved(host, port), deadline, 1);
    }
    InetAddress[] addresses = InetAddress.getAllByName(host);
    IOException first = null;
    for (int i = 0; i < addresses.length; i++) {
      try {
        // a channel's socket, unlike others, is closed when the thread is interrupted
        Socket socket = SocketChannel.open().socket();
        var target = new InetSocketAddress(addresses[i], port);
        return connected(socket, target, deadline, addresses.length - i);
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        first = first == null ? e : first;
      }
    }
    throw first == null ? new IOException("no address for " + host) : first;
  }

  /**
   * @param among the number of attempts that share the time left
   */
  private static Socket connected(
      Socket socket, InetSocketAddress target, Deadline deadline, int among) throws IOException {
    try {
      socket.setTcpNoDelay(true);
      socket.connect(target, Math.max(1, deadline.leftMillis() / among));
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Asks a proxy to tunnel bytes to the server. */
  private void tunnel(URI address, NetworkOptions.Route route) throws IOException {
    String target = host(address).contains(":") ? "[" + host(address) + "]" : host(address);
    target += ":" + port(address);
    write(
        "CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
            .formatted(target, target, route.authorization())
            .getBytes(StandardCharsets.ISO_8859_1));
    var head = AnswerReader.Head.read(this);
    if (head.status() == 407) {
      throw new IOException(
          "the proxy %s asks for credentials (status 407): expected user and password in its"
                  .formatted(route)
              + " address, http://user:password@host:port");
    } else if (head.status() < 200 || head.status() > 299) {
      throw new IOException(
          "the proxy %s answered CONNECT with status %d".formatted(route, head.status()));
    } else if (at < end) {
      throw new IOException("the proxy %s sent more than its answer to CONNECT".formatted(route));
    }
  }

  private void secure(URI address, NetworkOptions network) throws IOException {
    var secured =
        (SSLSocket)
            network
                .sslContext()
                .getSocketFactory()
                .createSocket(socket, host(address), port(address), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    secured.setSSLParameters(parameters);
    socket = secured;
    secured.setSoTimeout(deadline.leftMillis());
    secured.startHandshake();
    in = secured.getInputStream();
  }

  static String host(URI address) {
    String host = String.valueOf(address.getHost());
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  static int port(URI address) {
    return address.getPort() >= 0
        ? address.getPort()
        : "https".equals(address.getScheme().toLowerCase(Locale.ROOT)) ? 443 : 80;
  }

  /** Returns the host and port as the request names them. */
  static String authority(URI address) {
    return address.getPort() < 0 ? address.getHost() : address.getHost() + ":" + address.getPort();
  }

  void write(byte[] request) throws IOException {
    // a request fits into the socket's own buffer, so that writing it never waits
    socket.getOutputStream().write(request);
    socket.getOutputStream().flush();
  }

  @Override
  public int read() throws IOException {
    return at < end || fill() ? buffer[at++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (at == end && !fill()) {
      return -1;
    }
    int some = Math.min(length, end - at);
    System.arraycopy(buffer, at, into, from, some);
    at += some;
    return some;
  }

  private boolean fill() throws IOException {
    socket.setSoTimeout(deadline.leftMillis());
    int some = in.read(buffer);
    at = 0;
    end = Math.max(0, some);
    return some > 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
