package dev.satchel.kv;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** One whole HTTP answer. */
record Answer(int status, MultiMap headers, Buffer body) {

  /** No key has this code: Cloudflare's for a key that is not there. */
  private static final int KEY_NOT_FOUND = 10009;

  /**
   * Whether HTTP itself told where the body ends. A body that ends with its connection looks whole
   * wherever it was cut.
   */
  boolean hasKnownEnd() {
    return headers.contains("Content-Length") || headers.contains("Transfer-Encoding");
  }

  boolean isHtml() {
    var type = headers.get("Content-Type");
    return type != null && type.toLowerCase(java.util.Locale.ROOT).startsWith("text/html");
  }

  /**
   * Whether the answer to a read says that the key is missing, and not that something on the way to
   * it is: a namespace, a route, or Cloudflare altogether.
   */
  boolean saysKeyIsMissing() {
    int code = errorCode();
    return status == 404 && (code == KEY_NOT_FOUND || (code == 0 && !isHtml()));
  }

  /** The body as Cloudflare's envelope, or null if it is something else. */
  @Nullable JsonObject envelope() {
    try {
      return Json.decodeValue(body) instanceof JsonObject json
              && json.getValue("success") instanceof Boolean
          ? json
          : null;
    } catch (DecodeException notJson) {
      return null;
    }
  }

  /** The code of the first error of the envelope, or 0. */
  int errorCode() {
    var error = firstError();
    return error != null && error.getValue("code") instanceof Number code ? code.intValue() : 0;
  }

  /** The text of the first error of the envelope, as it came; "" if there is none. */
  String errorText() {
    var error = firstError();
    return error != null && error.getValue("message") instanceof String text ? text : "";
  }

  /**
   * What Retry-After asks for, as seconds or as a date against the answer's own Date header (the
   * two clocks may differ); null if it is missing or malformed.
   */
  @Nullable Duration retryAfter() {
    var text = headers.get("Retry-After");
    if (text == null) {
      return null;
    }
    if (text.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    var until = httpDate(text);
    if (until == null) {
      return null;
    }
    var date = headers.get("Date");
    var sent = date == null ? null : httpDate(date);
    var wait = Duration.between(sent == null ? Instant.now() : sent, until);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private @Nullable JsonObject firstError() {
    var envelope = envelope();
    return envelope != null
            && envelope.getValue("errors") instanceof io.vertx.core.json.JsonArray errors
            && !errors.isEmpty()
            && errors.getValue(0) instanceof JsonObject error
        ? error
        : null;
  }

  private static @Nullable Instant httpDate(String text) {
    try {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException malformed) {
      return null;
    }
  }
}
