package dev.satchel.publisher.nginx;

import static dev.satchel.publisher.Waiting.await;

import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.source.Certificates;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands where Cloudflare's API does: answers over TLS under a name of its own what the KV server
 * behind it answers, with the headers that Cloudflare adds, and notes what it is asked.
 */
final class Origin implements AutoCloseable {
  static final String HOST = "origin.test";

  /** A request as it came. */
  record Asked(String path, long atNanos, MultiMap headers) {}

  private final HttpClient client = SharedDatabase.vertx().createHttpClient();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final URI behind;
  private final Path certificate;
  private final HttpServerOptions options;
  private HttpServer server;

  private Origin(URI behind, Path certificate, Path key) {
    this.behind = behind;
    this.certificate = certificate;
    this.options =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(certificate.toString())
                    .setKeyPath(key.toString()));
    this.server = listening(0);
  }

  /** Answers what this server answers. */
  static Origin before(URI behind, Path folder) throws Exception {
    var certificates = Certificates.create(folder, List.of(HOST), List.of());
    return new Origin(behind, certificates.pem(HOST), certificates.keyPem(HOST));
  }

  private HttpServer listening(int port) {
    return await(
        SharedDatabase.vertx()
            .createHttpServer(options)
            .requestHandler(this::answer)
            .listen(port, "127.0.0.1"));
  }

  private void answer(HttpServerRequest request) {
    asked.add(new Asked(request.path(), System.nanoTime(), request.headers()));
    client
        .request(
            new RequestOptions()
                .setMethod(request.method())
                .setHost(behind.getHost())
                .setPort(behind.getPort())
                .setURI(request.uri()))
        .compose(
            forwarded -> {
              forwarded.headers().addAll(request.headers()).remove(HttpHeaders.CONNECTION);
              return forwarded.send();
            })
        .compose(
            answer -> {
              request.response().setStatusCode(answer.statusCode());
              request.response().headers().addAll(answer.headers());
              return answer.body();
            })
        .onFailure(failure -> request.connection().close())
        .onSuccess(
            body ->
                request
                    .response()
                    .putHeader("Set-Cookie", "__cf_bm=not-for-clients")
                    .putHeader("Vary", "Accept-Encoding, Origin")
                    .putHeader("Cache-Control", "private, no-store")
                    .end(body));
  }

  String hostAndPort() {
    return HOST + ":" + server.actualPort();
  }

  Path certificate() {
    return certificate;
  }

  /** What was asked since {@link #forget}. */
  List<Asked> asked() {
    return List.copyOf(asked);
  }

  List<Asked> asked(String pathEnd) {
    return asked.stream().filter(request -> request.path().endsWith(pathEnd)).toList();
  }

  void forget() {
    asked.clear();
  }

  /** From now on nobody listens here. */
  void stop() {
    int port = server.actualPort();
    await(server.close());
    options.setPort(port);
  }

  void startAgain() {
    server = listening(options.getPort());
  }

  @Override
  public void close() {
    await(server.close());
    await(client.close());
  }
}
