package dev.satchel.publisher.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that shows the publisher to the outside. Health and metrics are open to everyone who can
 * reach it; the pages, which show users, only to this machine.
 */
public final class HttpPort {
  private static final Logger log = LoggerFactory.getLogger(HttpPort.class);

  private static final int MAX_REQUEST_LINE_BYTES = 4_096;
  private static final int MAX_HEADER_BYTES = 16_384;
  private static final int MAX_FORM_BYTES = 4_096;
  private static final int MAX_FORM_FIELDS = 16;
  private static final int IDLE_MILLIS = 30_000;

  // keeps an attacker from trying many tokens
  private static final long WRONG_TOKEN_MILLIS = 1_000;

  /**
   * Limits that keep slow peers from using up the port.
   *
   * @param connections further connections at the same time are closed
   * @param forConnection from connecting to the end of the only answer, however slowly anybody
   *     sends or reads
   */
  record Bounds(int connections, Duration forConnection) {
    static final Bounds DEFAULT = new Bounds(64, Duration.ofSeconds(60));
  }

  private final Vertx vertx;
  private final HttpSettings settings;
  private final Bounds bounds;
  private final Ledger ledger;
  private final UnaryOperator<Instant> redAt;
  private final InstantSource clock;
  private final Metrics metrics;
  private final Pages pages;
  private final HttpServer server;
  private final Map<String, Answer> assets =
      Map.of(
          "/style.css", asset("style.css", "text/css; charset=utf-8"),
          "/page.js", asset("page.js", "text/javascript; charset=utf-8"));
  private int connections;
  private boolean isRefusingTokens;

  private HttpPort(
      Vertx vertx,
      HttpSettings settings,
      About about,
      Ledger ledger,
      Service service,
      UnaryOperator<Instant> redAt,
      long limitBytes,
      InstantSource clock,
      Bounds bounds) {
    this.vertx = vertx;
    this.settings = settings;
    this.bounds = bounds;
    this.ledger = ledger;
    this.redAt = redAt;
    this.clock = clock;
    this.metrics = new Metrics(ledger, redAt, service::traffic, limitBytes, clock);
    this.pages =
        new Pages(
            vertx,
            about,
            ledger,
            service,
            redAt,
            limitBytes,
            settings.operatorToken() != null,
            clock);
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                    .setMaxHeaderSize(MAX_HEADER_BYTES)
                    .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setIdleTimeout(IDLE_MILLIS)
                    // closing waits until the peer has read everything, and a peer that sends is
                    // not idle
                    .setWriteIdleTimeout((int) bounds.forConnection().toMillis())
                    .setHttp2ClearTextEnabled(false))
            .connectionHandler(this::bound)
            .invalidRequestHandler(request -> unread(request).send(vertx, request))
            .requestHandler(this::answer);
  }

  /**
   * Starts listening. Fails with the reason if the port is not available.
   *
   * @param redAt returns the moment from which a good run of the given moment is too old
   * @param limitBytes the largest size of a value
   */
  public static Future<HttpPort> open(
      Vertx vertx,
      HttpSettings settings,
      About about,
      Ledger ledger,
      Service service,
      UnaryOperator<Instant> redAt,
      long limitBytes,
      InstantSource clock) {
    return open(vertx, settings, about, ledger, service, redAt, limitBytes, clock, Bounds.DEFAULT);
  }

  static Future<HttpPort> open(
      Vertx vertx,
      HttpSettings settings,
      About about,
      Ledger ledger,
      Service service,
      UnaryOperator<Instant> redAt,
      long limitBytes,
      InstantSource clock,
      Bounds bounds) {
    // one context: everything below is confined to it
    Context context = vertx.getOrCreateContext();
    return Future.future(
        listening ->
            context.runOnContext(
                go -> {
                  var port =
                      new HttpPort(
                          vertx,
                          settings,
                          about,
                          ledger,
                          service,
                          redAt,
                          limitBytes,
                          clock,
                          bounds);
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

  /** Stops listening; answers in progress have two seconds to end. */
  public Future<Void> close() {
    return server.shutdown(2, TimeUnit.SECONDS);
  }

  private void bound(HttpConnection connection) {
    connections++;
    long timer = vertx.setTimer(bounds.forConnection().toMillis(), due -> connection.close());
    connection.closeHandler(
        closed -> {
          connections--;
          vertx.cancelTimer(timer);
        });
    if (connections > bounds.connections()) {
      connection.close();
    }
  }

  /** Answers a request that the decoder could not read, or not to its end. */
  private static Answer unread(HttpServerRequest request) {
    Throwable why = request.decoderResult().cause();
    if (why instanceof TooLongHttpLineException) {
      return Answer.text(414, "request line too long");
    }
    return why instanceof TooLongHttpHeaderException
        ? Answer.text(431, "headers too long")
        : Answer.text(400, "bad request");
  }

  private void answer(HttpServerRequest request) {
    Future<Answer> answer;
    try {
      answer = route(request);
    } catch (IllegalArgumentException e) {
      answer = Future.succeededFuture(Answer.text(400, "expected percent-encoded UTF-8"));
    }
    answer
        .otherwise(
            failure -> {
              log.warn("could not answer {}: {}", request.path(), failure.toString());
              log.debug("the failure in full", failure);
              return Answer.text(500, "internal error; see the log");
            })
        .onSuccess(made -> made.send(vertx, request));
  }

  private Future<Answer> route(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    return switch (path) {
      case "/health/live" -> read(request, Answer.json(200, new JsonObject().put("live", true)));
      case "/health/ready" -> read(request, ready());
      case "/metrics" -> read(request, metrics());
      case "/", "/user", "/compare", "/rollback", "/resume", "/style.css", "/page.js" ->
          page(request, path);
      default -> Future.succeededFuture(Answer.text(404, "no such page"));
    };
  }

  private static Future<Answer> read(HttpServerRequest request, Answer answer) {
    return Future.succeededFuture(isRead(request) ? answer : Answer.methodNotAllowed("GET, HEAD"));
  }

  private static boolean isRead(HttpServerRequest request) {
    return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
  }

  private Answer ready() {
    Readiness readiness = Readiness.of(ledger, redAt, clock.instant());
    return Answer.json(
        readiness.isReady() ? 200 : 503,
        new JsonObject().put("ready", readiness.isReady()).put("why", readiness.why()));
  }

  private Answer metrics() {
    return new Answer(200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape(), Map.of());
  }

  private Future<Answer> page(HttpServerRequest request, String path) {
    if (!Forgery.isFromThisMachine(request)) {
      return Future.succeededFuture(
          Answer.text(
              403,
              "the pages are for this machine only; reach them with ssh -L or kubectl port-forward"));
    }
    if (!Forgery.isMeantForUs(request, settings.host())) {
      return Future.succeededFuture(
          Answer.text(421, "expected localhost or an IP address as host"));
    }
    boolean isWrite = path.equals("/rollback") || path.equals("/resume");
    if (isRead(request) && !path.equals("/resume")) {
      Answer asset = assets.get(path);
      if (asset != null) {
        return Future.succeededFuture(asset);
      }
      return switch (path) {
        case "/user" -> pages.user(request.params());
        case "/compare" -> pages.compare(request.params());
        case "/rollback" -> pages.rollback(request.params());
        default -> pages.overview();
      };
    }
    if (isWrite && request.method().equals(HttpMethod.POST)) {
      return write(request, path);
    }
    return Future.succeededFuture(
        Answer.methodNotAllowed(
            path.equals("/resume") ? "POST" : isWrite ? "GET, HEAD, POST" : "GET, HEAD"));
  }

  private Future<Answer> write(HttpServerRequest request, String path) {
    String expected = settings.operatorToken();
    if (expected == null) {
      return Future.succeededFuture(
          Answer.text(403, "this page is read-only because no operator's token is set"));
    }
    if (Forgery.isFromElsewhere(request)) {
      log.warn("refused a write to {} that a page of another site sent", path);
      return Future.succeededFuture(Answer.text(403, "expected a form sent by this page"));
    }
    String type = request.getHeader("content-type");
    String length = request.getHeader("content-length");
    if (type == null || !type.startsWith("application/x-www-form-urlencoded")) {
      return Future.succeededFuture(Answer.text(415, "expected a form"));
    }
    if (length == null || !length.matches("[0-9]{1,9}")) {
      return Future.succeededFuture(Answer.text(411, "expected a content-length"));
    }
    if (Integer.parseInt(length) > MAX_FORM_BYTES) {
      return Future.succeededFuture(
          Answer.text(413, "expected a form of at most " + MAX_FORM_BYTES + " bytes"));
    }
    return request
        .body()
        .compose(
            body -> {
              MultiMap form = form(body);
              if (!isAllowed(form.get("token"), expected)) {
                log.warn("refused a write to {} with a wrong token", path);
                isRefusingTokens = true;
                return vertx
                    .timer(WRONG_TOKEN_MILLIS, TimeUnit.MILLISECONDS)
                    .map(
                        later -> {
                          isRefusingTokens = false;
                          return Answer.text(403, "expected the operator's token");
                        });
              }
              log.info("operator requested {}", path.substring(1));
              return path.equals("/resume") ? pages.resume() : pages.rollBack(form);
            });
  }

  /** Checks the token. While a wrong token is being refused, every other is refused as well. */
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

  private static Answer asset(String name, String type) {
    try (InputStream in = HttpPort.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("expected " + name + " next to this class");
      }
      return new Answer(200, type, new String(in.readAllBytes(), StandardCharsets.UTF_8), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
