package dev.satchel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Through a real proxy to a real TLS server, neither of which knows that it is in a test.
 *
 * <p>The stores {@code sound.p12} and {@code expired.p12} in the resources have the certificate of
 * an authority and a key that it signed, for localhost and kv.example.test, for 100 years and for a
 * day in 2026: made by keytool's {@code -genkeypair}, {@code -certreq}, {@code -gencert -ext
 * san=dns:localhost,dns:kv.example.test} and {@code -importcert}.
 */
@Timeout(60)
final class ProxyAndTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private @Nullable HttpsServer server;
  private ServerSocket proxy;
  private final List<String> heardByProxy = new CopyOnWriteArrayList<>();
  private volatile String wantedCredentials = "";

  @BeforeEach
  void startProxy() throws IOException {
    proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var accepting = new Thread(this::accept, "test-proxy");
    accepting.setDaemon(true);
    accepting.start();
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    if (server != null) {
      server.stop(0);
    }
  }

  /** Starts a server with this certificate; its authority is trusted by the context it gives. */
  private SSLContext startServer(String certificate) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream store = ProxyAndTlsTest.class.getResourceAsStream(certificate + ".p12")) {
      keys.load(store, PASSWORD);
    }
    var keyManagers = KeyManagerFactory.getInstance("PKIX");
    keyManagers.init(keys, PASSWORD);
    var own = SSLContext.getInstance("TLS");
    own.init(keyManagers.getKeyManagers(), null, null);
    var made = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server = made;
    made.setHttpsConfigurator(new HttpsConfigurator(own));
    made.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 5);
          exchange.getResponseBody().write("value".getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    made.start();
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", keys.getCertificate("ca"));
    var trustManagers = TrustManagerFactory.getInstance("PKIX");
    trustManagers.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trustManagers.getTrustManagers(), null);
    return context;
  }

  private int serverPort() {
    return Objects.requireNonNull(server).getAddress().getPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = proxy.accept();
        var serving = new Thread(() -> serve(client), "test-proxy-connection");
        serving.setDaemon(true);
        serving.start();
      }
    } catch (IOException closed) {
      return;
    }
  }

  /** A proxy that speaks CONNECT and GET, and may want credentials. */
  private void serve(Socket client) {
    try (client) {
      var head = new StringBuilder();
      InputStream in = client.getInputStream();
      while (!head.toString().endsWith("\r\n\r\n")) {
        head.append((char) in.read());
        if (head.charAt(0) < ' ') {
          client
              .getOutputStream()
              .write("HTTP/1.1 400 No\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          return; // somebody speaks TLS
        }
      }
      heardByProxy.add(head.toString());
      OutputStream out = client.getOutputStream();
      if (!wantedCredentials.isEmpty()
          && !head.toString().contains("Proxy-Authorization: Basic " + wantedCredentials)) {
        out.write(
            "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return;
      }
      if (head.toString().startsWith("GET ")) {
        out.write(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain"
                .getBytes(StandardCharsets.US_ASCII));
        return;
      }
      // every name leads to the one server, so that a name need not exist
      try (var upstream = new Socket(InetAddress.getLoopbackAddress(), serverPort())) {
        out.write(
            "HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        var up = new Thread(() -> pass(client, upstream), "test-proxy-up");
        up.setDaemon(true);
        up.start();
        pass(upstream, client);
      }
    } catch (IOException ended) {
      return;
    }
  }

  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException ended) {
      return;
    }
  }

  private String get(String address, NetworkOptions network)
      throws IOException, InterruptedException {
    var get = new HttpGet(URI.create(address), Map.of(), 1_000, 0, Duration.ofSeconds(20));
    return new String(get.send(network).body(), StandardCharsets.US_ASCII);
  }

  private String proxyAddress(String credentials) {
    return "http://" + credentials + "127.0.0.1:" + proxy.getLocalPort();
  }

  @Test
  void takesTheApplicationsContextAndTheServersName() throws Exception {
    SSLContext context = startServer("sound");
    var network = NetworkOptions.builder().sslContext(context).build();
    int port = serverPort();

    assertThat(get("https://localhost:" + port + "/", network)).isEqualTo("value");
    assertThat(catchThrowable(() -> get("https://127.0.0.1:" + port + "/", network)))
        .hasMessageContaining("the certificate of 127.0.0.1 is not accepted");
    assertThat(
            catchThrowable(() -> get("https://localhost:" + port + "/", NetworkOptions.defaults())))
        .hasMessageContaining("the certificate of localhost is not trusted")
        .hasMessageContaining("javax.net.ssl.trustStore");
  }

  @Test
  void tellsAnExpiredCertificateAndAServerWithoutTls() throws Exception {
    SSLContext context = startServer("expired");
    var network = NetworkOptions.builder().sslContext(context).build();

    assertThat(catchThrowable(() -> get("https://localhost:" + serverPort() + "/", network)))
        .hasMessageContaining("the certificate of localhost has expired");
    assertThat(
            catchThrowable(() -> get("https://127.0.0.1:" + proxy.getLocalPort() + "/", network)))
        .hasMessageContaining("TLS failed");
  }

  @Test
  void goesThroughAProxyWithCredentialsAndShowsThemToNobodyElse() throws Exception {
    SSLContext context = startServer("sound");
    wantedCredentials =
        Base64.getEncoder().encodeToString("us er:pass@word".getBytes(StandardCharsets.UTF_8));
    var network =
        NetworkOptions.builder()
            .sslContext(context)
            .proxy(proxyAddress("us%20er:pass%40word@"))
            .build();

    assertThat(get("https://kv.example.test/a?b=c", network)).isEqualTo("value");

    assertThat(heardByProxy)
        .singleElement()
        .asString()
        .startsWith("CONNECT kv.example.test:443 HTTP/1.1\r\nHost: kv.example.test:443\r\n");
  }

  @Test
  void asksAProxyForPlainAddressesAsAWhole() throws Exception {
    wantedCredentials =
        Base64.getEncoder().encodeToString("user:word".getBytes(StandardCharsets.UTF_8));
    var network = NetworkOptions.builder().proxy(proxyAddress("user:word@")).build();

    assertThat(get("http://kv.example.test/a?b=c", network)).isEqualTo("plain");

    assertThat(heardByProxy)
        .singleElement()
        .asString()
        .startsWith("GET http://kv.example.test/a?b=c HTTP/1.1\r\n");
  }

  @Test
  void saysWhatAProxyWantsOrRefuses() throws Exception {
    startServer("sound");
    wantedCredentials = "something else";
    var network = NetworkOptions.builder().proxy(proxyAddress("user:secret@")).build();

    assertThat(catchThrowable(() -> get("https://kv.example.test/", network)))
        .hasMessageContaining("127.0.0.1:" + proxy.getLocalPort() + " asks for credentials")
        .hasMessageNotContaining("secret");
    String nobody;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "http://127.0.0.1:" + socket.getLocalPort();
    }
    var gone = NetworkOptions.builder().proxy(nobody).build();
    assertThat(catchThrowable(() -> get("https://kv.example.test/", gone)))
        .hasMessageContaining("cannot connect");
  }
}
