package dev.satchel.publisher.kv;

import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.KvAnswer;
import dev.satchel.kv.KvException;
import dev.satchel.kv.KvLimits;
import dev.satchel.kv.Refusals;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Timer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one namespace's HTTP calls: with credentials, within limits of time and size, and again
 * while that may help. Safe for use by any thread.
 */
final class RetryingClient {
  private static final Logger LOG = LoggerFactory.getLogger(CloudflareKv.class);
  private static final int MAX_NAME_CHARACTERS = 120;

  private final Vertx vertx;
  private final CloudflareSettings settings;
  private final RetryPolicy policy;
  private final Refusals refusals;
  private final HttpClient http;
  private final WebClient web;
  private final TrafficCounter traffic = new TrafficCounter();
  private final Set<Timer> pauses = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  RetryingClient(Vertx vertx, CloudflareSettings settings, RetryPolicy policy) {
    this.vertx = vertx;
    this.settings = settings;
    this.policy = policy;
    this.refusals = new Refusals(settings.credentials());
    int silenceMillis = Math.toIntExact(policy.requestTimeout().toMillis());
    var options = new WebClientOptions();
    options
        .setConnectTimeout(silenceMillis)
        .setIdleTimeout(silenceMillis)
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    // a redirect would carry the credentials to wherever it points
    options.setFollowRedirects(false).setUserAgent("satchel");
    this.http =
        vertx
            .httpClientBuilder()
            .with(options)
            // Vert.x would log, with a stack trace, what the call fails with anyway, and the log
            // might quote the other side
            .withConnectHandler(connection -> connection.exceptionHandler(told -> {}))
            .build();
    this.web = WebClient.wrap(http, options);
  }

  /** One request to the namespace; {@code path} is relative to the namespace's and is escaped. */
  record Call(HttpMethod method, String path, @Nullable RequestBody body) {
    /** Returns a name for messages and logs. */
    String name() {
      var full = method + " " + path;
      return full.length() <= MAX_NAME_CHARACTERS
          ? full
          : full.substring(0, MAX_NAME_CHARACTERS) + "…";
    }
  }

  Refusals refusals() {
    return refusals;
  }

  /** Calls the follower with the time that each request from now on takes, on any thread. */
  void followRequests(Consumer<Duration> follower) {
    traffic.follow(follower);
  }

  KvTraffic traffic() {
    return traffic.snapshot();
  }

  /**
   * Returns the first answer that repeating the call would not change, whatever its status. Fails
   * with {@link KvException} when there is none within the policy's limits.
   */
  Future<KvResponse> send(Call call) {
    return attempt(call, 1);
  }

  /**
   * Returns the envelope of an answer that reports success; fails with {@link KvException} for any
   * other.
   */
  Future<JsonObject> envelope(Call call, KvResponse answer) {
    try {
      return Future.succeededFuture(
          new JsonObject(KvAnswer.asMap(refusals.envelope(call.name(), answer.said()))));
    } catch (KvException refused) {
      return Future.failedFuture(refused);
    }
  }

  private Future<KvResponse> attempt(Call call, int attempt) {
    if (closed) {
      return Future.failedFuture(closed(call.name()));
    }
    if (attempt > 1) {
      traffic.retried();
    }
    return once(call)
        .compose(
            answer ->
                KvException.mayPass(answer.status())
                    ? Future.failedFuture(refusals.refusal(call.name(), answer.said()))
                    : Future.succeededFuture(answer))
        .recover(
            failure ->
                failure instanceof KvException kv && kv.mayPass()
                    ? pause(call.name(), attempt, kv).compose(done -> attempt(call, attempt + 1))
                    : Future.failedFuture(failure));
  }

  /**
   * Waits as long as the policy and the store ask for after a failed attempt. If there is to be no
   * further attempt, fails with {@code reason} and a note why.
   */
  Future<Void> pause(String name, int attempt, KvException reason) {
    if (closed) {
      return Future.failedFuture(closed(name));
    }
    if (attempt >= policy.attempts()) {
      return Future.failedFuture(
          attempt == 1 ? reason : reason.withNote(", after " + attempt + " attempts"));
    }
    var asked = reason.retryAfter().orElse(Duration.ZERO);
    if (asked.compareTo(policy.longestRetryAfter()) > 0) {
      return Future.failedFuture(
          reason.withNote(
              ", and the store asks to wait "
                  + asked.toSeconds()
                  + " s, more than the "
                  + policy.longestRetryAfter().toSeconds()
                  + " s that are accepted"));
    }
    var delay = asked.plus(policy.delayAfter(attempt));
    LOG.warn(
        "retry {} of {} in {} ms: {}",
        attempt,
        policy.attempts() - 1,
        delay.toMillis(),
        reason.getMessage());
    if (delay.toMillis() == 0) {
      return Future.succeededFuture();
    }
    var timer = vertx.timer(delay.toMillis());
    pauses.add(timer);
    if (closed) {
      timer.cancel(); // close() may have cancelled the pauses just before
    }
    return timer
        .onComplete(over -> pauses.remove(timer))
        .recover(cancelled -> Future.failedFuture(closed(name)));
  }

  private Future<KvResponse> once(Call call) {
    var url = settings.baseUrl();
    boolean ssl = "https".equalsIgnoreCase(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : ssl ? 443 : 80;
    long bodyBytes = call.body() == null ? 0 : call.body().bytes();
    var answerTimeout = policy.timeoutFor(bodyBytes);
    var body =
        new BoundedBody(
            KvLimits.MAX_VALUE_BYTES,
            answerTimeout.plus(policy.timeoutFor(KvLimits.MAX_VALUE_BYTES)),
            traffic);
    var headers = MultiMap.caseInsensitiveMultiMap();
    headers.addAll(settings.credentials().headers());
    // without it, HTTP allows any encoding of the body
    headers.add("Accept-Encoding", "identity");
    var request =
        web.request(
                call.method(),
                port,
                url.getHost(),
                URI.create(settings.namespaceUrl()).getRawPath() + call.path())
            .ssl(ssl)
            .idleTimeout(answerTimeout.toMillis())
            .putHeaders(headers)
            .as(body);
    long startedNanos = System.nanoTime();
    Future<HttpResponse<Buffer>> response;
    if (call.body() == null) {
      response = request.send();
    } else {
      traffic.sent(bodyBytes);
      response =
          request
              .putHeader("Content-Type", call.body().contentType())
              .putHeader("Content-Length", Long.toString(bodyBytes))
              .sendStream(new SlicedBody(call.body().parts()));
    }
    var outcome = Promise.<HttpResponse<Buffer>>promise();
    response.onSuccess(outcome::tryComplete).onFailure(outcome::tryFail);
    body.refused().onFailure(outcome::tryFail);
    return outcome
        .future()
        .transform(
            done -> {
              var elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
              if (done.succeeded()) {
                var whole = done.result();
                traffic.finished(whole.statusCode(), elapsed);
                return Future.succeededFuture(
                    new KvResponse(whole.statusCode(), whole.headers(), whole.body()));
              }
              traffic.finished(KvException.NO_STATUS, elapsed);
              return Future.failedFuture(
                  closed
                      ? closed(call.name())
                      : refusals.noAnswer(call.name(), done.cause(), elapsed));
            });
  }

  /** Ends calls in progress, including pauses, with {@link KvException}. */
  Future<Void> close() {
    closed = true;
    pauses.forEach(Timer::cancel);
    return http.close();
  }

  private static KvException closed(String name) {
    return new KvException(name + ": the client is closed", KvException.NO_STATUS, 0, false, null);
  }
}
