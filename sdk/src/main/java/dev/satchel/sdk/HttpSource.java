package dev.satchel.sdk;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot at an HTTPS address: a Worker, a CDN, an object store. Polls send {@code
 * If-None-Match} and cost an answer without a body while nothing has changed, so the other side has
 * to send an {@code ETag}. Safe for any thread.
 *
 * <p>There is no digest of the value beside it here, so a client opens all fields of a new snapshot
 * to check them, whether they are used or not. Redirects are not followed, since headers may carry
 * secrets.
 */
public final class HttpSource implements SnapshotSource {
  private static final int IDLE_SECONDS = 30;

  private final HttpClient client;
  private final URI address;
  private final Map<String, String> headers;

  /** What a poll brought along, until it is asked for. */
  private volatile @Nullable Answer received;

  private volatile @Nullable Announcement last;
  private volatile @Nullable HttpClientRequest underWay;

  /** Without a body if it is the one that was named by its ETag. */
  private record Answer(Announcement announcement, @Nullable Buffer body) {}

  private HttpSource(Vertx vertx, URI address, Map<String, String> headers) {
    this.address = address;
    this.headers = Map.copyOf(headers);
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(IDLE_SECONDS))
                .setIdleTimeout(IDLE_SECONDS));
  }

  /** The value at this address. */
  public static HttpSource of(Vertx vertx, URI address) {
    return of(vertx, address, Map.of());
  }

  /**
   * The value at this address, asked for with these headers; their values never reach a message.
   *
   * @param address {@code https}, or {@code http} on this machine
   */
  public static HttpSource of(Vertx vertx, URI address, Map<String, String> headers) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    String host = String.valueOf(address.getHost());
    boolean local = host.equals("localhost") || host.equals("[::1]") || host.startsWith("127.");
    if (address.getHost() == null
        || !(scheme.equals("https") || (scheme.equals("http") && local))) {
      throw new IllegalArgumentException(
          "address must be https://…, or http://… on this machine, but has scheme %s and host %s"
              .formatted(address.getScheme(), address.getHost()));
    }
    return new HttpSource(vertx, address, headers);
  }

  @Override
  public Future<Optional<Announcement>> announcement() {
    return get(last)
        .map(
            found -> {
              received = found.filter(answer -> answer.body != null).orElse(null);
              last = found.map(Answer::announcement).orElse(null);
              return found.map(Answer::announcement);
            });
  }

  @Override
  public Future<Optional<Buffer>> value(Announcement announced) {
    Answer waiting = received;
    received = null;
    if (waiting != null && waiting.announcement.equals(announced)) {
      return Future.succeededFuture(Optional.ofNullable(waiting.body));
    }
    return get(null)
        .map(
            found -> {
              if (found.isPresent() && !found.get().announcement.equals(announced)) {
                throw new RefusedException("%s changed while it was read".formatted(this));
              }
              return found.flatMap(answer -> Optional.ofNullable(answer.body));
            });
  }

  /** The answer, or empty if there is nothing at the address. */
  private Future<Optional<Answer>> get(@Nullable Announcement known) {
    HttpClientRequest abandoned = underWay;
    if (abandoned != null) {
      abandoned.reset(); // whoever waited for it has given up, or has it
    }
    var options = new RequestOptions().setAbsoluteURI(address.toString()).setMethod(HttpMethod.GET);
    headers.forEach(options::putHeader);
    // any coding would be acceptable without it, and a small answer could open to a vast one
    options.putHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
    if (known != null) {
      options.putHeader(HttpHeaders.IF_NONE_MATCH, known.tag());
    }
    return client
        .request(options)
        .compose(
            request -> {
              underWay = request;
              return request.send();
            })
        .compose(response -> answer(response, known))
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof RefusedException
                        ? failure
                        : new RefusedException(
                            "%s: no whole answer: %s"
                                .formatted(this, failure.getClass().getSimpleName()))));
  }

  private Future<Optional<Answer>> answer(
      HttpClientResponse response, @Nullable Announcement known) {
    // Vert.x would log, with a stack trace, what the call fails with anyway
    response.exceptionHandler(told -> {});
    int status = response.statusCode();
    if (status == 304 && known != null) {
      return Future.succeededFuture(Optional.of(new Answer(known, null)));
    } else if (status == 404 || status == 410) {
      return Future.succeededFuture(Optional.empty());
    } else if (status != 200) {
      throw RefusedException.until(
          retryAfter(response), "%s: expected status 200 but found %d".formatted(this, status));
    }
    String type = String.valueOf(response.getHeader(HttpHeaders.CONTENT_TYPE));
    if (type.toLowerCase(Locale.ROOT).startsWith("text/") || type.contains("json")) {
      throw new RefusedException(
          "%s: expected bytes but found content type %s".formatted(this, shortened(type)));
    }
    String etag = response.getHeader(HttpHeaders.ETAG);
    if (etag == null) {
      throw new RefusedException(
          "%s: expected an ETag, so that polls can be small, but found none".formatted(this));
    }
    return body(response)
        .map(
            body ->
                Optional.of(
                    new Answer(
                        new Announcement(etag, Announcement.UNKNOWN, null, body.length()), body)));
  }

  private Future<Buffer> body(HttpClientResponse response) {
    long announced = length(response.getHeader(HttpHeaders.CONTENT_LENGTH));
    if (announced > LimitedRead.MOST_BYTES) {
      response.request().reset();
      throw tooLarge();
    }
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer((int) announced);
    response.handler(
        data -> {
          if (body.length() + data.length() > LimitedRead.MOST_BYTES) {
            whole.tryFail(tooLarge());
            response.request().reset();
          } else {
            body.appendBuffer(data);
          }
        });
    response.exceptionHandler(whole::tryFail);
    response.endHandler(end -> whole.tryComplete(body));
    return whole.future();
  }

  private RefusedException tooLarge() {
    return new RefusedException(
        "%s: expected at most %d bytes but the answer is longer"
            .formatted(this, LimitedRead.MOST_BYTES));
  }

  private static long length(@Nullable String header) {
    return header != null && header.matches("[0-9]{1,18}") ? Long.parseLong(header) : 0;
  }

  /** What Retry-After asks for, as seconds or as a date against the answer's own. */
  private static @Nullable Duration retryAfter(HttpClientResponse response) {
    String text = response.getHeader(HttpHeaders.RETRY_AFTER);
    if (text == null) {
      return null;
    } else if (text.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    Instant until = httpDate(text);
    Instant sent = httpDate(String.valueOf(response.getHeader(HttpHeaders.DATE)));
    return until == null || sent == null || until.isBefore(sent)
        ? null
        : Duration.between(sent, until);
  }

  private static @Nullable Instant httpDate(String text) {
    try {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException malformed) {
      return null;
    }
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  @Override
  public Future<Void> close() {
    return client.close();
  }

  /** Without the query, which may hold a secret. */
  @Override
  public String toString() {
    return "%s://%s%s%s"
        .formatted(
            address.getScheme(),
            address.getHost(),
            address.getPort() < 0 ? "" : ":" + address.getPort(),
            address.getPath());
  }
}
