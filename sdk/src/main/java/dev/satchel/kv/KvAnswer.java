package dev.satchel.kv;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.http.HttpAnswer;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Cloudflare's API says in an HTTP answer, whoever made the call. */
public record KvAnswer(HttpAnswer http) {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final int KEY_NOT_FOUND = 10009;

  /** The HTTP status. */
  public int status() {
    return http.status();
  }

  boolean isHtml() {
    String type = http.header("content-type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/html");
  }

  /**
   * Whether the answer to a read says that the key is missing, and not that something on the way to
   * it is: a namespace, a route, or Cloudflare altogether.
   */
  public boolean saysKeyIsMissing() {
    if (status() != 404) {
      return false; // before a value of 25 MiB is parsed in search of a code
    }
    int code = errorCode();
    return code == KEY_NOT_FOUND || (code == 0 && !isHtml());
  }

  /** The body as Cloudflare's envelope, or null if it is something else. */
  public @Nullable ObjectNode envelope() {
    try {
      return JSON.readTree(http.body()) instanceof ObjectNode json
              && json.path("success").isBoolean()
          ? json
          : null;
    } catch (IOException notJson) {
      return null;
    }
  }

  /** The code of the first error of the envelope, or 0. */
  public int errorCode() {
    JsonNode error = firstError();
    return error != null && error.path("code").isNumber() ? error.get("code").intValue() : 0;
  }

  /** The text of the first error of the envelope, as it came; "" if there is none. */
  String errorText() {
    JsonNode error = firstError();
    return error == null ? "" : error.path("message").asText("");
  }

  private @Nullable JsonNode firstError() {
    ObjectNode envelope = envelope();
    JsonNode error = envelope == null ? null : envelope.path("errors").path(0);
    return error != null && error.isObject() ? error : null;
  }

  /** A JSON object as plain Java values, whole numbers as Integer or Long where they fit. */
  @SuppressWarnings("unchecked") // names of a JSON object are strings
  public static Map<String, @Nullable Object> asMap(ObjectNode json) {
    try {
      return JSON.treeToValue(json, Map.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError("every JSON object is a map", e);
    }
  }
}
