package dev.satchel.publisher.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * The answer to a request.
 *
 * @param headers in addition to those that every answer has
 */
record Reply(int status, String type, String body, Map<String, String> headers) {
  /** Allows nothing but this page's own style, script and forms. */
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
          + " img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final long GOODBYE_MILLIS = 500;

  static Reply html(int status, Html page) {
    return new Reply(status, "text/html; charset=utf-8", page.toString(), Map.of());
  }

  /** Answers with a page that the browser asks for again after some seconds, without a script. */
  static Reply html(int status, Html page, int againSeconds) {
    return new Reply(
        status,
        "text/html; charset=utf-8",
        page.toString(),
        Map.of("refresh", Integer.toString(againSeconds)));
  }

  static Reply text(int status, String text) {
    return text(status, text, Map.of());
  }

  static Reply text(int status, String text, Map<String, String> headers) {
    return new Reply(status, "text/plain; charset=utf-8", text + "\n", headers);
  }

  static Reply json(int status, JsonObject json) {
    return new Reply(status, "application/json", json.encode(), Map.of());
  }

  /**
   * Redirects to a path on this page, to be fetched with GET, so that a reload repeats no write.
   */
  static Reply seeOther(String path) {
    return new Reply(303, "text/plain; charset=utf-8", "", Map.of("location", path));
  }

  static Reply methodNotAllowed(String allowed) {
    return new Reply(
        405,
        "text/plain; charset=utf-8",
        "expected the method " + allowed + "\n",
        Map.of("allow", allowed));
  }

  /** Sends this answer and ends the connection. */
  void send(Vertx vertx, HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader("content-type", type)
        .putHeader("cache-control", "no-store")
        .putHeader("content-security-policy", POLICY)
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("x-frame-options", "DENY")
        .putHeader("referrer-policy", "same-origin")
        .putHeader("cross-origin-opener-policy", "same-origin")
        .putHeader("cross-origin-resource-policy", "same-origin")
        // bounds the time of a connection by the time of one request
        .putHeader("connection", "close");
    headers.forEach(response::putHeader);
    byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    response.putHeader("content-length", Integer.toString(bytes.length));
    Future<Void> sent =
        request.method().equals(HttpMethod.HEAD)
            ? response.end()
            : response.end(Buffer.buffer(bytes));
    sent.onComplete(
        done -> {
          if (request.isEnded() && request.decoderResult().isSuccess()) {
            request.connection().close();
          } else {
            // a peer that is still sending would lose the answer if we closed at once
            vertx.setTimer(GOODBYE_MILLIS, late -> request.connection().close());
          }
        });
  }
}
