package dev.satchel.kv;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.http.HttpAnswer;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Interprets an HTTP answer of Cloudflare's API. */
public record KvAnswer(HttpAnswer http) {
  /**
   * Takes whatever metadata fit into Workers KV: in a listing, names whose hashes collide or a
   * number of a thousand digits in one pair must not hide all others.
   */
  static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNumberLength(KvLimits.MAX_METADATA_BYTES)
                      .build())
              .build());

  private static final int KEY_NOT_FOUND = 10009;
  private static final int MAX_ERRORS = 5;

  /** Returns the HTTP status. */
  public int status() {
    return http.status();
  }

  boolean isHtml() {
    String type = http.header("content-type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/html");
  }

  /**
   * Returns whether the answer to a read says that the key is missing, rather than the namespace,
   * the route, or Cloudflare as a whole.
   */
  public boolean saysKeyIsMissing() {
    if (status() != 404) {
      return false; // before a value of 25 MiB is parsed in search of a code
    }
    int code = errorCode();
    return code == KEY_NOT_FOUND || (code == 0 && !isHtml());
  }

  /** Returns the body as Cloudflare's envelope, or null if it is something else. */
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

  /** Returns the code of the first error of the envelope, or 0. */
  public int errorCode() {
    JsonNode error = firstError();
    return error != null && error.path("code").isNumber() ? error.get("code").intValue() : 0;
  }

  /**
   * Returns the texts of the envelope's errors, as they came, each with the reasons that Cloudflare
   * puts one level down; "" if there are none.
   */
  String errorText() {
    ObjectNode envelope = envelope();
    return envelope == null ? "" : texts(envelope.path("errors"));
  }

  private static String texts(JsonNode errors) {
    return StreamSupport.stream(errors.spliterator(), false)
        .limit(MAX_ERRORS)
        .map(
            error -> {
              String reasons = reasons(error.path("error_chain"));
              return error.path("message").asText("")
                  + (reasons.isEmpty() ? "" : " (" + reasons + ")");
            })
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private static String reasons(JsonNode chain) {
    return StreamSupport.stream(chain.spliterator(), false)
        .limit(MAX_ERRORS)
        .map(
            reason ->
                "code %d: %s"
                    .formatted(reason.path("code").asInt(0), reason.path("message").asText("")))
        .collect(Collectors.joining("; "));
  }

  private @Nullable JsonNode firstError() {
    ObjectNode envelope = envelope();
    JsonNode error = envelope == null ? null : envelope.path("errors").path(0);
    return error != null && error.isObject() ? error : null;
  }

  /**
   * Returns a JSON object as plain Java values; whole numbers are Integer or Long where they fit.
   */
  @SuppressWarnings("unchecked") // names of a JSON object are strings
  public static Map<String, @Nullable Object> asMap(ObjectNode json) {
    try {
      return JSON.treeToValue(json, Map.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError("every JSON object is a map", e);
    }
  }
}
