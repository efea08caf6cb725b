package dev.satchel.kv;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.http.HttpAnswer;
import dev.satchel.http.HttpGet;
import dev.satchel.http.NetworkOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Workers KV namespace over Cloudflare's REST API, on the caller's thread. Makes each
 * call once, since a client that polls tries again anyway. Safe for use by any thread.
 */
public final class CloudflareKvReader implements KvReader {
  private static final int MAX_NAME_CHARACTERS = 120;

  /** The header that names the expected value; caches keep values apart by it. */
  private static final String EXPECTED = "Satchel-SHA-256";

  private final CloudflareSettings settings;
  private final NetworkOptions network;
  private final Duration timeout;
  private final Refusals refusals;
  private volatile boolean closed;

  private CloudflareKvReader(
      CloudflareSettings settings, NetworkOptions network, Duration timeout) {
    this.settings = settings;
    this.network = network;
    this.timeout = timeout;
    this.refusals = new Refusals(settings.credentials());
  }

  /**
   * Returns a reader of this namespace.
   *
   * @param timeout for each call as a whole
   * @throws IllegalArgumentException if {@code network} does not allow the address
   */
  public static CloudflareKvReader of(
      CloudflareSettings settings, NetworkOptions network, Duration timeout) {
    network
        .refusal(settings.baseUrl())
        .ifPresent(
            refusal -> {
              throw new IllegalArgumentException(refusal);
            });
    return new CloudflareKvReader(settings, network, timeout);
  }

  @Override
  public Optional<byte[]> value(String key, int expectedBytes) throws InterruptedException {
    return value(key, expectedBytes, Map.of());
  }

  @Override
  public Optional<byte[]> value(String key, int expectedBytes, String sha256)
      throws InterruptedException {
    return value(key, expectedBytes, Map.of(EXPECTED, sha256));
  }

  private Optional<byte[]> value(String key, int expectedBytes, Map<String, String> headers)
      throws InterruptedException {
    String path = "/values/" + KvLimits.segment(key);
    KvAnswer answer = get(path, expectedBytes, headers);
    if (answer.saysKeyIsMissing()) {
      return Optional.empty();
    } else if (answer.status() != 200) {
      throw refusals.refusal(name(path), answer);
    } else if (!answer.http().hasKnownEnd()) {
      throw refusals.unusable(name(path), "a body with a length or in chunks", answer);
    }
    return Optional.of(answer.http().body());
  }

  @Override
  public Optional<Map<String, @Nullable Object>> metadata(String key) throws InterruptedException {
    String path = "/metadata/" + KvLimits.segment(key);
    KvAnswer answer = get(path, 0, Map.of());
    if (answer.saysKeyIsMissing()) {
      return Optional.empty();
    }
    JsonNode result = refusals.envelope(name(path), answer).path("result");
    if (result.isNull() || result.isMissingNode()) {
      return Optional.empty();
    } else if (result instanceof ObjectNode metadata) {
      return Optional.of(KvAnswer.asMap(metadata));
    }
    throw refusals.unusable(name(path), "metadata as a JSON object", answer);
  }

  private KvAnswer get(String path, int expectedBytes, Map<String, String> more)
      throws InterruptedException {
    if (closed) {
      throw new KvException(
          name(path) + ": the reader is closed", KvException.NO_STATUS, 0, false, null);
    }
    var headers = new HashMap<>(settings.credentials().headers());
    headers.putAll(more);
    var get =
        new HttpGet(
            URI.create(settings.namespaceUrl() + path),
            headers,
            KvLimits.MAX_VALUE_BYTES,
            expectedBytes,
            timeout);
    HttpAnswer answer;
    try {
      answer = get.send(network);
    } catch (IOException e) {
      throw new KvException(
          name(path) + ": " + refusals.quote(String.valueOf(e.getMessage())),
          KvException.NO_STATUS,
          0);
    }
    return new KvAnswer(answer);
  }

  private static String name(String path) {
    String full = "GET " + path;
    return full.length() <= MAX_NAME_CHARACTERS
        ? full
        : full.substring(0, MAX_NAME_CHARACTERS) + "…";
  }

  @Override
  public void close() {
    closed = true;
  }
}
