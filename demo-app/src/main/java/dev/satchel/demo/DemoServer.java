package dev.satchel.demo;

import dev.satchel.kv.KvReader;
import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ConfigClient;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The demo's pages over HTTP. Confined to the server's event loop. */
final class DemoServer {
  static final String PREVIEW_FIELD = "preview_features_enabled";
  static final String NO_USER_ID = "Please provide a userId query parameter";

  private static final int MAX_REQUEST_LINE_BYTES = 4_096;
  private static final int MAX_HEADER_BYTES = 16_384;

  /**
   * What keeps idle and slow peers from using the server up.
   *
   * @param connections how many may be open at a time; further ones are closed
   * @param forRequest the time from connecting, or from the answer before, to the end of the
   *     headers
   * @param forAnswer the time from there to the end of the answer
   * @param idle how long a connection may neither send nor read
   */
  record Bounds(int connections, Duration forRequest, Duration forAnswer, Duration idle) {
    /** Five minutes for an answer: 25 MiB then take 0.7 Mbit/s. */
    static final Bounds DEFAULT =
        new Bounds(1_024, Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofSeconds(60));
  }

  private final String host;
  private final HttpServer server;
  private final Vertx vertx;
  private final ConfigClient client;
  private final BooleanField preview;
  private final AssetHandler assets;
  private final Meters meters;
  private final InstantSource clock;
  private final Bounds bounds;
  private final Map<HttpConnection, ConnectionDeadline> deadlines = new HashMap<>();

  private DemoServer(
      String host,
      Vertx vertx,
      ConfigClient client,
      KvReader kv,
      InstantSource clock,
      Bounds bounds) {
    this.host = host;
    this.vertx = vertx;
    this.client = client;
    this.preview = client.booleanField(PREVIEW_FIELD);
    this.assets = new AssetHandler(new AssetCache(vertx, kv, System::nanoTime));
    this.meters = new Meters(client, clock);
    this.clock = clock;
    this.bounds = bounds;
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                    .setMaxHeaderSize(MAX_HEADER_BYTES)
                    .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setIdleTimeout((int) bounds.idle().toMillis())
                    // closing waits for what was written to be read, and a peer that sends is not
                    // idle
                    .setWriteIdleTimeout((int) bounds.forAnswer().toMillis())
                    // the deadlines below are of HTTP/1.1, where a connection has one request at a
                    // time
                    .setHttp2ClearTextEnabled(false))
            .connectionHandler(this::watch)
            .invalidRequestHandler(DemoServer::refuse)
            .requestHandler(this::answer);
  }

  /**
   * Starts to listen; fails with the reason if the port cannot be had. Never closes the client or
   * kv.
   */
  static Future<DemoServer> start(
      Vertx vertx, ConfigClient client, KvReader kv, DemoOptions options, InstantSource clock) {
    return start(vertx, client, kv, options, clock, Bounds.DEFAULT);
  }

  static Future<DemoServer> start(
      Vertx vertx,
      ConfigClient client,
      KvReader kv,
      DemoOptions options,
      InstantSource clock,
      Bounds bounds) {
    var demo = new DemoServer(options.host(), vertx, client, kv, clock, bounds);
    return demo.server.listen(options.port(), options.host()).map(demo);
  }

  /** Returns the address as a link has it. */
  String host() {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  int port() {
    return server.actualPort();
  }

  /** Stops listening; answers under way have two seconds to end. */
  Future<Void> close() {
    return server.shutdown(2, TimeUnit.SECONDS).onComplete(closed -> meters.close());
  }

  private void watch(HttpConnection connection) {
    var deadline = ConnectionDeadline.on(vertx, connection, bounds);
    deadlines.put(connection, deadline);
    connection.closeHandler(
        closed -> {
          deadlines.remove(connection);
          deadline.connectionClosed();
        });
    if (deadlines.size() > bounds.connections()) {
      connection.close();
    }
  }

  private void answer(HttpServerRequest request) {
    boolean hasBody = hasBody(request);
    ConnectionDeadline deadline = deadlines.get(request.connection());
    if (deadline != null) {
      deadline.requestArrived();
      request.response().endHandler(ended -> deadline.answerEnded(hasBody));
    }
    if (hasBody) {
      // nothing here takes a body, and reading one to its end is not worth a connection
      request.response().putHeader(HttpHeaders.CONNECTION, "close");
    }
    if (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD)) {
      route(request);
    } else {
      request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
      Answers.text(request, 405, "method not allowed");
    }
  }

  /** Answers a request that the decoder could not read, or not to its end. */
  private static void refuse(HttpServerRequest request) {
    request.response().putHeader(HttpHeaders.CONNECTION, "close");
    if (request.decoderResult().cause() instanceof TooLongHttpLineException) {
      Answers.text(request, 414, "request line too long");
    } else if (request.decoderResult().cause() instanceof TooLongHttpHeaderException) {
      Answers.text(request, 431, "headers too long");
    } else {
      Answers.text(request, 400, "bad request");
    }
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }

  private void route(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    switch (path) {
      case "/" -> welcome(request);
      case "/status" -> Answers.html(request, Pages.status(client.status(), clock.instant()));
      case "/metrics" -> Answers.metrics(request, meters.scrape());
      case "/health/live" -> Answers.json(request, 200, "{\"live\":true}");
      case "/health/ready" -> ready(request);
      default -> {
        if (AssetPath.isUnderAssets(path)) {
          assets.handle(request, path);
        } else {
          Answers.text(request, 404, "not found");
        }
      }
    }
  }

  private void welcome(HttpServerRequest request) {
    String userId = userId(request);
    if (userId == null || userId.isEmpty()) {
      Answers.text(request, 400, NO_USER_ID);
    } else {
      Answers.html(request, Pages.welcome(preview.get(userId, false)));
    }
  }

  private static @Nullable String userId(HttpServerRequest request) {
    try {
      return request.getParam("userId");
    } catch (IllegalArgumentException e) {
      return null; // not percent-encoded UTF-8, so it names nobody
    }
  }

  private void ready(HttpServerRequest request) {
    ClientStatus status = client.status();
    var body =
        new JsonObject()
            .put("ready", status.isReady())
            .put("state", status.state().name())
            .put("revision", status.revision());
    Answers.json(request, status.isReady() ? 200 : 503, body.encode());
  }
}
