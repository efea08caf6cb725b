package dev.satchel.kv.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A plain HTTP client's view of the server: the contract as text and bytes, nothing of ours. */
final class Rest {
  static final String ACCOUNT = "0123456789abcdef0123456789abcdef";
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String namespaces;

  Rest(LocalKvServer server) {
    this(server, ACCOUNT);
  }

  Rest(LocalKvServer server, String account) {
    this(server.baseUrl() + "/accounts/" + account + "/storage/kv/namespaces");
  }

  Rest(String namespaces) {
    this.namespaces = namespaces;
  }

  /** An answer with its body as it came. */
  record Reply(HttpResponse<byte[]> http) {
    int status() {
      return http.statusCode();
    }

    byte[] bytes() {
      return http.body();
    }

    String text() {
      return new String(http.body(), StandardCharsets.UTF_8);
    }

    String header(String name) {
      return http.headers().firstValue(name).orElse("");
    }

    JsonNode json() {
      try {
        return JSON.readTree(http.body());
      } catch (IOException e) {
        throw new AssertionError("expected JSON but found " + text(), e);
      }
    }

    JsonNode result() {
      JsonNode json = json();
      if (status() != 200 || !json.path("success").asBoolean()) {
        throw new AssertionError("expected success but found " + status() + " " + text());
      }
      return json.get("result");
    }

    /** Status and error code, for refusals whose code the contract names. */
    String refusal() {
      JsonNode json = json();
      if (json.path("success").asBoolean(true) || !json.path("result").isNull()) {
        throw new AssertionError("expected an envelope of failure but found " + text());
      }
      return status() + "/" + json.at("/errors/0/code").asInt();
    }
  }

  String url(String path) {
    return namespaces + path;
  }

  Reply get(String path) {
    return send("GET", path, HttpRequest.BodyPublishers.noBody());
  }

  Reply delete(String path) {
    return send("DELETE", path, HttpRequest.BodyPublishers.noBody());
  }

  Reply put(String path, byte[] body) {
    return send("PUT", path, HttpRequest.BodyPublishers.ofByteArray(body));
  }

  Reply put(String path, String body) {
    return put(path, body.getBytes(StandardCharsets.UTF_8));
  }

  Reply post(String path, String body) {
    return send("POST", path, HttpRequest.BodyPublishers.ofString(body));
  }

  Reply send(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(namespaces + path))
            .timeout(PATIENCE)
            .method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return new Reply(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Makes a namespace and answers the path of it. */
  String namespace(String title) {
    return "/" + post("", "{\"title\":" + quoted(title) + "}").result().get("id").asText();
  }

  static String quoted(String text) {
    return JSON.getNodeFactory().textNode(text).toString();
  }

  /** Every byte that is not a letter or digit percent-escaped. */
  static String escaped(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
