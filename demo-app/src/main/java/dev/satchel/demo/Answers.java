package dev.satchel.demo;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Ends every answer of the demo: with security headers, and without a body for HEAD. */
final class Answers {
  private static final int PIECE_BYTES = 262_144;

  private Answers() {}

  static void text(HttpServerRequest request, int status, String text) {
    page(request, status, "text/plain; charset=utf-8", text, "default-src 'none'");
  }

  static void json(HttpServerRequest request, int status, String json) {
    page(request, status, "application/json", json, "default-src 'none'");
  }

  /** Answers with Prometheus's text format. */
  static void metrics(HttpServerRequest request, String metrics) {
    page(request, 200, "text/plain; version=0.0.4; charset=utf-8", metrics, "default-src 'none'");
  }

  static void html(HttpServerRequest request, String html) {
    page(request, 200, "text/html; charset=utf-8", html, Pages.CONTENT_SECURITY_POLICY);
  }

  private static void page(
      HttpServerRequest request, int status, String type, String body, String policy) {
    secure(request.response())
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("content-security-policy", policy);
    end(request, Buffer.buffer(body));
  }

  static HttpServerResponse secure(HttpServerResponse response) {
    return response
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("referrer-policy", "no-referrer")
        .putHeader("x-frame-options", "DENY")
        .putHeader("cross-origin-resource-policy", "same-origin");
  }

  /** Sends the body, or only its length if the request is a HEAD. */
  static void end(HttpServerRequest request, Buffer body) {
    HttpServerResponse response =
        request.response().putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
    if (request.method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      pieces(response, body, 0);
    }
  }

  /**
   * Writes one piece after the other: Netty copies everything it is given out of the heap until the
   * peer reads it, and counts the peer as idle until then. Ends when the connection does.
   */
  private static Future<Void> pieces(HttpServerResponse response, Buffer body, int from) {
    int to = from + PIECE_BYTES;
    return to >= body.length()
        ? response.end(body.slice(from, body.length()))
        : response.write(body.slice(from, to)).compose(sent -> pieces(response, body, to));
  }
}
