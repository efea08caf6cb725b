package dev.satchel.kv.local;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server on this machine that speaks the REST contract of Workers KV and keeps its pairs in a
 * directory. A write that it has confirmed is on the disk. Safe for use by any thread; file work is
 * done on its own worker threads.
 *
 * <p>It holds a value in memory while it moves it: up to 25 MiB for each concurrent read or write,
 * and up to 100 MB for each concurrent bulk write. Answers that slow clients have not read yet take
 * at most a quarter of the heap, or a single value.
 */
public final class LocalKvServer {
  private static final Logger LOG = LoggerFactory.getLogger(LocalKvServer.class);
  private static final String API_PATH = "/client/v4";
  private static final String BEARER = "Bearer ";
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9._~+/=-]+");
  private static final int MAX_HEADER_BYTES = 16_384;
  // a key of 512 bytes takes 1,536 when escaped; longer ones should meet our refusal, not Netty's
  private static final int MAX_REQUEST_LINE_BYTES = 16_384;
  private static final int WORKERS = 8;
  private static final Duration WHOLE_BODY_PATIENCE = Duration.ofMinutes(5);
  private static final Duration PURGE_INTERVAL = Duration.ofMinutes(1);

  /**
   * What keeps slow clients from using the server up.
   *
   * @param connections how many may be open at a time; further ones are closed
   * @param forAnswer from a request's headers to the end of its answer, both bodies included
   * @param unreadBytes how many bytes of large answers may wait for clients; beyond that, requests
   *     are told to try again
   */
  record Bounds(int connections, Duration forAnswer, long unreadBytes) {
    /** Five minutes for each of the two bodies, and a quarter of the heap. */
    static final Bounds DEFAULT =
        new Bounds(
            1_024,
            Duration.ofMinutes(10),
            Math.max(Limits.VALUE_BYTES, Runtime.getRuntime().maxMemory() / 4));
  }

  private final Vertx vertx;
  private final LocalKvOptions options;
  private final Bounds bounds;
  private final Outgoing outgoing;
  private final PairStore store;
  private final WorkerExecutor workers;
  private final Throttle throttle;
  private final LocalKvFaults faults;
  private final Api api;
  private final HttpServer http;
  private final Map<HttpConnection, ConnectionDeadline> deadlines = new ConcurrentHashMap<>();
  private final long purgeTimer;

  // guarded by this
  private @Nullable Future<Void> closing;

  private LocalKvServer(
      Vertx vertx, LocalKvOptions options, Bounds bounds, PairStore store, WorkerExecutor workers) {
    this.vertx = vertx;
    this.options = options;
    this.bounds = bounds;
    outgoing = new Outgoing(bounds.unreadBytes());
    this.store = store;
    this.workers = workers;
    throttle = new Throttle(options);
    faults = new LocalKvFaults(options.clock());
    api = new Api(store, throttle, faults, options);
    http =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) options.idleTimeout().toMillis())
                // closing waits for what was written to be read, and a client that sends is not
                // idle
                .setWriteIdleTimeout((int) bounds.forAnswer().toMillis())
                .setHandle100ContinueAutomatically(true)
                // a connection has one request at a time, so that their bound is one on requests
                .setHttp2ClearTextEnabled(false));
    purgeTimer =
        vertx.setPeriodic(
            PURGE_INTERVAL.toMillis(), id -> workers.executeBlocking(this::purge, false));
  }

  /**
   * Opens the directory and listens. Fails if another server uses the directory, if a file there is
   * not what it should be, or if the port is taken.
   */
  public static Future<LocalKvServer> start(Vertx vertx, LocalKvOptions options) {
    return start(vertx, options, Bounds.DEFAULT);
  }

  static Future<LocalKvServer> start(Vertx vertx, LocalKvOptions options, Bounds bounds) {
    WorkerExecutor workers = vertx.createSharedWorkerExecutor("satchel-local-kv", WORKERS);
    return workers
        .executeBlocking(() -> open(options))
        .map(store -> new LocalKvServer(vertx, options, bounds, store, workers))
        .onFailure(failure -> workers.close())
        .compose(
            server ->
                server
                    .listen()
                    .recover(
                        failure -> server.close().transform(any -> Future.failedFuture(failure))));
  }

  private static PairStore open(LocalKvOptions options) throws IOException {
    PairStore store =
        PairStore.open(
            options.directory(), options.clock(), PairStore.SMALLEST_LOG_TO_COMPACT_BYTES);
    try {
      for (Map.Entry<String, String> wanted : options.namespaces().entrySet()) {
        if (store.sharedNamespace(wanted.getKey()).isEmpty()) {
          store.createNamespace(null, wanted.getKey(), wanted.getValue());
        }
      }
      return store;
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private Future<LocalKvServer> listen() {
    return http.connectionHandler(this::watch)
        .requestHandler(this::handle)
        .listen(options.port(), options.host())
        .map(this);
  }

  /** Returns the port it listens on. */
  public int port() {
    return http.actualPort();
  }

  /** Returns the API's base URL for clients, {@code http://host:port/client/v4}. */
  public String baseUrl() {
    String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
    return "http://" + host + ":" + port() + API_PATH;
  }

  /** Returns the faults that the server makes on purpose; none at first. */
  public LocalKvFaults faults() {
    return faults;
  }

  /** Stops listening, drops connections and lets go of the directory. Can be called again. */
  public synchronized Future<Void> close() {
    if (closing == null) {
      vertx.cancelTimer(purgeTimer);
      closing =
          http.close()
              .eventually(() -> workers.executeBlocking(this::closeStore, false))
              .eventually(workers::close);
    }
    return closing;
  }

  private @Nullable Void closeStore() throws IOException {
    store.close();
    return null;
  }

  private @Nullable Void purge() {
    store.purge();
    return null;
  }

  private void watch(HttpConnection connection) {
    var deadline =
        ConnectionDeadline.on(vertx, connection, options.idleTimeout(), bounds.forAnswer());
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

  private void handle(HttpServerRequest request) {
    ConnectionDeadline deadline = deadlines.get(request.connection());
    if (deadline != null) {
      deadline.requestArrived();
      request.response().endHandler(ended -> deadline.answerEnded());
    }
    String method = request.method().name();
    String path = request.path() == null ? "/" : request.path();
    LocalKvFaults.Fault fault = faults.take(method, path);
    Refusal early = refusal(request, fault);
    String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
    long limit = early != null ? 0 : Api.bodyLimit(method, path, contentType);
    Body.read(vertx, request, limit, WHOLE_BODY_PATIENCE)
        .compose(
            body ->
                fault.delay() == null ? Future.succeededFuture(body) : later(body, fault.delay()))
        .onFailure(failure -> request.connection().close())
        .onSuccess(
            body -> {
              if (fault.stalls()) {
                return;
              }
              if (early != null) {
                send(request, Answer.of(early), fault, body.isComplete());
                return;
              }
              workers
                  .executeBlocking(
                      () -> answer(method, path, request.query(), contentType, body, fault), false)
                  .onSuccess(answer -> send(request, answer, fault, body.isComplete()))
                  .onFailure(failure -> request.connection().close());
            });
  }

  private Future<Body> later(Body body, Duration delay) {
    return vertx.timer(Math.max(1, delay.toMillis()), TimeUnit.MILLISECONDS).map(body);
  }

  private @Nullable Refusal refusal(HttpServerRequest request, LocalKvFaults.Fault fault) {
    if (fault.refusal() != null) {
      return fault.refusal();
    }
    try {
      throttle.countRequest();
      authenticate(request);
      return null;
    } catch (Refusal refusal) {
      return refusal;
    }
  }

  private void authenticate(HttpServerRequest request) {
    if (options.token() == null) {
      return;
    }
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    String key = request.getHeader("X-Auth-Key");
    String email = request.getHeader("X-Auth-Email");
    String secret;
    String header;
    int malformed;
    if (authorization != null) {
      secret =
          authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
              ? authorization.substring(BEARER.length()).strip()
              : "";
      header = "Authorization";
      malformed = 6111;
    } else if (key != null && email != null && !email.isEmpty()) {
      secret = key;
      header = "X-Auth-Key";
      malformed = 6103;
    } else {
      throw Refusal.notAuthenticated(401);
    }
    if (!MessageDigest.isEqual(
        secret.getBytes(StandardCharsets.UTF_8),
        options.token().getBytes(StandardCharsets.UTF_8))) {
      throw SECRET.matcher(secret).matches()
          ? Refusal.notAuthenticated(403)
          : Refusal.malformedHeader(malformed, header);
    }
  }

  private Answer answer(
      String method,
      String path,
      @Nullable String query,
      @Nullable String contentType,
      Body body,
      LocalKvFaults.Fault fault) {
    try {
      return api.answer(new Call(method, new RawUri(path, query), contentType, body, fault));
    } catch (Refusal refusal) {
      return Answer.of(refusal);
    } catch (IOException | RuntimeException e) {
      LOG.error("could not handle {} {}", method, path, e);
      return Answer.of(
          Refusal.of(500, Refusal.UNPUBLISHED, "internal error, see the server's log"));
    }
  }

  private void send(
      HttpServerRequest request, Answer answer, LocalKvFaults.Fault fault, boolean keepAlive) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    if (fault.cuts() || fault.stallsInBody()) {
      Buffer body = Buffer.buffer(answer.body());
      response.setStatusCode(answer.status());
      answer.headers().forEach(response::putHeader);
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
      Future<Void> half = response.write(body.slice(0, body.length() / 2));
      if (fault.cuts()) {
        half.onComplete(sent -> request.connection().close());
      }
      return;
    }
    Future<Void> sent = outgoing.send(response, answer);
    if (!keepAlive) {
      sent.onComplete(any -> request.connection().close());
    }
  }
}
