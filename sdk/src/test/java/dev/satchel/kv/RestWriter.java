package dev.satchel.kv;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes pairs over the REST API, as anybody's program might: shares nothing with our clients. */
public final class RestWriter {
  private static final String BOUNDARY = "a-boundary-that-no-value-holds";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String namespace;
  private final String token;

  /** Writes to the namespace that these variables name. */
  public RestWriter(Map<String, String> env) {
    namespace =
        "%s/accounts/%s/storage/kv/namespaces/%s"
            .formatted(
                env.get("CLOUDFLARE_API_BASE_URL"),
                env.get("CLOUDFLARE_ACCOUNT_ID"),
                env.get("CLOUDFLARE_WORKERS_KV_NAMESPACE_ID"));
    token = env.getOrDefault("CLOUDFLARE_API_TOKEN", "");
  }

  /** Replaces the value and its metadata; the key needs no escapes. */
  public void put(String key, byte[] value, Map<String, ?> metadata) {
    var body = new ByteArrayOutputStream();
    String head = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=";
    body.writeBytes(ascii(head + "\"value\"; filename=\"value\"\r\n\r\n"));
    body.writeBytes(value);
    body.writeBytes(ascii("\r\n" + head + "\"metadata\"\r\n\r\n"));
    try {
      body.writeBytes(KvAnswer.JSON.writeValueAsBytes(metadata));
      body.writeBytes(ascii("\r\n--" + BOUNDARY + "--\r\n"));
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(namespace + "/values/" + key))
                  .header("Authorization", "Bearer " + token)
                  .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                  .PUT(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new AssertionError("expected the value to be written but found " + answer.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
