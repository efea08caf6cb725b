package dev.satchel.publisher.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port on which the publisher is seen from outside. Health and metrics are for everyone who
 * reaches it; the pages, which show users, only for this machine.
 */
public final class HttpPort {
  private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);

  private static final int MAX_REQUEST_LINE_BYTES = 4_096;
  private static final int MAX_HEADER_BYTES = 16_384;
  private static final int MAX_FORM_BYTES = 4_096;
  private static final int MAX_FORM_FIELDS = 16;

  // no request waits for as long
  private static final int IDLE_MILLIS = 60_000;

  // slows down anyone who tries many tokens
  private static final long WRONG_TOKEN_MILLIS = 1_000;

  /**
   * Limits that keep slow peers from using up the port.
   *
   * @param connections how many may be open at a time; further ones are closed
   * @param forConnection the time from connecting to the end of the only answer, however slowly the
   *     peer sends or reads; a reader of snapshots has it once more for the answer
   */
  record Bounds(int connections, Duration forConnection) {
    static final Bounds DEFAULT = new Bounds(64, Duration.ofSeconds(60));

    /** More connections than may wait for snapshots, so that health is answered all the same. */
    static final Bounds WITH_READERS = new Bounds(4_096, Duration.ofSeconds(60));

    static Bounds of(HttpSettings settings) {
      return settings.snapshotsToken() == null ? DEFAULT : WITH_READERS;
    }
  }

  private final Vertx vertx;
  private final Context context;
  private final HttpSettings settings;
  private final Peers peers;
  private final Subject subject;
  private final Metrics metrics;
  private final Pages pages;
  private final HttpServer server;
  private final Map<String, Reply> assets =
      Map.of(
          "/style.css", asset("style.css", "text/css; charset=utf-8"),
          "/page.js", asset("page.js", "text/javascript; charset=utf-8"));
  private final @Nullable SnapshotReaders readers;
  private boolean isRefusingTokens;

  private HttpPort(
      Vertx vertx, Context context, HttpSettings settings, Subject subject, Bounds bounds) {
    this.vertx = vertx;
    this.context = context;
    this.settings = settings;
    this.peers = new Peers(vertx, bounds);
    this.subject = subject;
    this.readers = readers(vertx, settings, subject, peers);
    this.metrics = new Metrics(subject, readers);
    this.pages = new Pages(vertx, subject, settings.operatorToken() != null);
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                    .setMaxHeaderSize(MAX_HEADER_BYTES)
                    .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setIdleTimeout(IDLE_MILLIS)
                    // closing waits for what was written to be read, and a peer that sends is not
                    // idle
                    .setWriteIdleTimeout((int) bounds.forConnection().toMillis())
                    .setHttp2ClearTextEnabled(false))
            .connectionHandler(peers::accept)
            .invalidRequestHandler(request -> unread(request).send(vertx, request))
            .requestHandler(this::answer);
  }

  private static @Nullable SnapshotReaders readers(
      Vertx vertx, HttpSettings settings, Subject subject, Peers peers) {
    String token = settings.snapshotsToken();
    return token == null
        ? null
        : new SnapshotReaders(vertx, subject.feed(), token, peers, SnapshotReaders.Limits.DEFAULT);
  }

  /** Listens. Fails with the reason if the port cannot be had. */
  public static Future<HttpPort> open(Vertx vertx, HttpSettings settings, Subject subject) {
    return open(vertx, settings, subject, Bounds.of(settings));
  }

  static Future<HttpPort> open(Vertx vertx, HttpSettings settings, Subject subject, Bounds bounds) {
    // one context: what is below is confined to it
    Context context = vertx.getOrCreateContext();
    return Future.future(
        listening ->
            context.runOnContext(
                go -> {
                  var port = new HttpPort(vertx, context, settings, subject, bounds);
                  port.server
                      .listen(settings.port(), settings.host())
                      .map(port)
                      .onComplete(listening);
                }));
  }

  /** Returns the address of the page. */
  public String url() {
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return "http://" + host + ":" + server.actualPort() + "/";
  }

  /** Stops listening; requests that wait are answered, and answers have two seconds to end. */
  public Future<Void> close() {
    context.runOnContext(
        go -> {
          if (readers != null) {
            readers.close();
          }
        });
    return server.shutdown(2, TimeUnit.SECONDS).onComplete(closed -> metrics.close());
  }

  /** Replies to a request that the decoder could not read completely. */
  private static Reply unread(HttpServerRequest request) {
    Throwable why = request.decoderResult().cause();
    if (why instanceof TooLongHttpLineException) {
      return Reply.text(414, "request line too long");
    }
    return why instanceof TooLongHttpHeaderException
        ? Reply.text(431, "headers too long")
        : Reply.text(400, "bad request");
  }

  private void answer(HttpServerRequest request) {
    Future<Reply> answer;
    try {
      if (readers != null && SnapshotReaders.isFor(request)) {
        readers.answer(request);
        return;
      }
      answer = route(request);
    } catch (IllegalArgumentException e) {
      answer = Future.succeededFuture(Reply.text(400, "expected percent-encoded UTF-8"));
    }
    answer
        .otherwise(
            failure -> {
              LOG.warn("no answer to {}: {}", request.path(), failure.toString());
              LOG.debug("the failure in full", failure);
              return Reply.text(500, "something is wrong here; the log says what");
            })
        .onSuccess(made -> made.send(vertx, request));
  }

  private Future<Reply> route(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    return switch (path) {
      case "/health/live" -> read(request, Reply.json(200, new JsonObject().put("live", true)));
      case "/health/ready" -> read(request, ready());
      case "/metrics" -> read(request, metrics());
      case "/",
          "/user",
          "/user/history",
          "/compare",
          "/rollback",
          "/resume",
          "/style.css",
          "/page.js" ->
          page(request, path);
      default -> Future.succeededFuture(Reply.text(404, "no such page"));
    };
  }

  private static Future<Reply> read(HttpServerRequest request, Reply answer) {
    return Future.succeededFuture(isRead(request) ? answer : Reply.methodNotAllowed("GET, HEAD"));
  }

  private static boolean isRead(HttpServerRequest request) {
    return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
  }

  private Reply ready() {
    Readiness readiness = subject.readiness();
    return Reply.json(
        readiness.isReady() ? 200 : 503,
        new JsonObject().put("ready", readiness.isReady()).put("why", readiness.why()));
  }

  private Reply metrics() {
    return new Reply(200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape(), Map.of());
  }

  private Future<Reply> page(HttpServerRequest request, String path) {
    if (!Forgery.isFromThisMachine(request)) {
      return Future.succeededFuture(
          Reply.text(
              403,
              "pages are for this machine only; reach it with ssh -L or kubectl port-forward"));
    }
    if (!Forgery.isMeantForUs(request, settings.host())) {
      return Future.succeededFuture(Reply.text(421, "expected localhost or an address as host"));
    }
    boolean isWrite = path.equals("/rollback") || path.equals("/resume");
    if (isRead(request) && !path.equals("/resume")) {
      Reply asset = assets.get(path);
      if (asset != null) {
        return Future.succeededFuture(asset);
      }
      return switch (path) {
        case "/user" -> pages.user(request.params());
        case "/user/history" -> pages.userHistory(request.params());
        case "/compare" -> pages.compare(request.params());
        case "/rollback" -> pages.rollback(request.params());
        default -> pages.overview();
      };
    }
    if (isWrite && request.method().equals(HttpMethod.POST)) {
      return write(request, path);
    }
    return Future.succeededFuture(
        Reply.methodNotAllowed(
            path.equals("/resume") ? "POST" : isWrite ? "GET, HEAD, POST" : "GET, HEAD"));
  }

  private Future<Reply> write(HttpServerRequest request, String path) {
    String expected = settings.operatorToken();
    if (expected == null) {
      return Future.succeededFuture(
          Reply.text(403, "this page may write nothing: no operator's token is set"));
    }
    if (Forgery.isFromElsewhere(request)) {
      LOG.warn("refused a write to {} that another site's page sent", path);
      return Future.succeededFuture(Reply.text(403, "expected a form of this very page"));
    }
    String type = request.getHeader("content-type");
    String length = request.getHeader("content-length");
    if (type == null || !type.startsWith("application/x-www-form-urlencoded")) {
      return Future.succeededFuture(Reply.text(415, "expected a form"));
    }
    if (length == null || !length.matches("[0-9]{1,9}")) {
      return Future.succeededFuture(Reply.text(411, "expected a content-length"));
    }
    if (Integer.parseInt(length) > MAX_FORM_BYTES) {
      return Future.succeededFuture(
          Reply.text(413, "expected a form of at most " + MAX_FORM_BYTES + " bytes"));
    }
    return request
        .body()
        .compose(
            body -> {
              MultiMap form = form(body);
              if (!isAllowed(form.get("token"), expected)) {
                LOG.warn("refused a write to {} with a wrong token", path);
                isRefusingTokens = true;
                return vertx
                    .timer(WRONG_TOKEN_MILLIS, TimeUnit.MILLISECONDS)
                    .map(
                        later -> {
                          isRefusingTokens = false;
                          return Reply.text(403, "expected the operator's token");
                        });
              }
              LOG.info("the operator's page was told to {}", path.substring(1));
              return path.equals("/resume") ? pages.resume() : pages.rollBack(form);
            });
  }

  /** Checks the token. While a wrong one is being refused, every other is refused too. */
  private boolean isAllowed(@Nullable String token, String expected) {
    return Forgery.isToken(token, expected) && !isRefusingTokens;
  }

  private static MultiMap form(Buffer body) {
    MultiMap form = MultiMap.caseInsensitiveMultiMap();
    new QueryStringDecoder(
            body.toString(StandardCharsets.UTF_8), StandardCharsets.UTF_8, false, MAX_FORM_FIELDS)
        .parameters()
        .forEach((name, values) -> form.add(name, values));
    return form;
  }

  private static Reply asset(String name, String type) {
    try (InputStream in = HttpPort.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("expected " + name + " in this package");
      }
      return new Reply(200, type, new String(in.readAllBytes(), StandardCharsets.UTF_8), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
