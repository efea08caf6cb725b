package dev.satchel.kv.local;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link LocalKvServer} keeps its pairs, where it listens, and what it is strict about.
 *
 * @param directory made if missing; one server at a time
 * @param host the address to listen on
 * @param port 0 to 65,535, 0 meaning any free one
 * @param token the API token, also taken as the API key, that requests must carry; null to accept
 *     requests with any credentials and with none
 * @param namespaces titles by id of namespaces that every account finds from the start; those
 *     already in the directory keep their title and pairs
 * @param oneWritePerSecond whether a second write to a key within a second is refused
 * @param rateLimit how many requests are answered, or null for any number
 * @param idleTimeout how long a connection may be silent, or take to send a request's headers,
 *     before it is closed; at least 1 s
 * @param clock the clock for expiry, both limits and stale reads
 */
public record LocalKvOptions(
    Path directory,
    String host,
    int port,
    @Nullable String token,
    Map<String, String> namespaces,
    boolean oneWritePerSecond,
    @Nullable RateLimit rateLimit,
    Duration idleTimeout,
    InstantSource clock) {

  /** Loopback: to be seen from outside takes a setting. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** Longer than any pause of a healthy client inside a request. */
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(30);

  /**
   * How many requests are answered in each window, which begins with its first request.
   *
   * @param requests at least 1
   * @param window at least 1 ms
   */
  public record RateLimit(int requests, Duration window) {

    /** The limit of the real API: 1,200 requests in five minutes. */
    public static final RateLimit OF_THE_API = new RateLimit(1_200, Duration.ofMinutes(5));

    public RateLimit {
      require(requests >= 1, "expected at least 1 request but found " + requests);
      require(window.toMillis() >= 1, "expected a window of at least 1 ms but found " + window);
    }
  }

  public LocalKvOptions {
    require(port >= 0 && port <= 65_535, "expected a port from 0 to 65535 but found " + port);
    require(token == null || !token.isEmpty(), "expected a token that is not empty");
    require(
        idleTimeout.toSeconds() >= 1,
        "expected an idle timeout of at least 1 s but found " + idleTimeout);
    namespaces = Collections.unmodifiableMap(new LinkedHashMap<>(namespaces));
    for (String id : namespaces.keySet()) {
      require(
          id.matches("[0-9A-Za-z_-]{1,64}"),
          "expected a namespace id of 1 to 64 letters, digits, - or _ but found " + id);
    }
  }

  /**
   * Returns the defaults: any free loopback port, any credentials, no namespaces, no limits but the
   * contract's.
   */
  public static LocalKvOptions in(Path directory) {
    return new LocalKvOptions(
        directory,
        DEFAULT_HOST,
        0,
        null,
        Map.of(),
        false,
        null,
        DEFAULT_IDLE_TIMEOUT,
        InstantSource.system());
  }

  public LocalKvOptions withHost(String other) {
    return new LocalKvOptions(
        directory,
        other,
        port,
        token,
        namespaces,
        oneWritePerSecond,
        rateLimit,
        idleTimeout,
        clock);
  }

  public LocalKvOptions withPort(int other) {
    return new LocalKvOptions(
        directory,
        host,
        other,
        token,
        namespaces,
        oneWritePerSecond,
        rateLimit,
        idleTimeout,
        clock);
  }

  public LocalKvOptions withToken(@Nullable String other) {
    return new LocalKvOptions(
        directory, host, port, other, namespaces, oneWritePerSecond, rateLimit, idleTimeout, clock);
  }

  /** Adds a namespace that every account finds from the start. */
  public LocalKvOptions withNamespace(String id, String title) {
    Map<String, String> more = new LinkedHashMap<>(namespaces);
    more.put(id, title);
    return new LocalKvOptions(
        directory, host, port, token, more, oneWritePerSecond, rateLimit, idleTimeout, clock);
  }

  /** Makes the server refuse a second write to a key within a second. */
  public LocalKvOptions withOneWritePerSecond() {
    return new LocalKvOptions(
        directory, host, port, token, namespaces, true, rateLimit, idleTimeout, clock);
  }

  public LocalKvOptions withRateLimit(RateLimit other) {
    return new LocalKvOptions(
        directory, host, port, token, namespaces, oneWritePerSecond, other, idleTimeout, clock);
  }

  public LocalKvOptions withIdleTimeout(Duration other) {
    return new LocalKvOptions(
        directory, host, port, token, namespaces, oneWritePerSecond, rateLimit, other, clock);
  }

  public LocalKvOptions withClock(InstantSource other) {
    return new LocalKvOptions(
        directory, host, port, token, namespaces, oneWritePerSecond, rateLimit, idleTimeout, other);
  }

  /** Describes the options without the token. */
  @Override
  public String toString() {
    return "LocalKvOptions[directory=%s, host=%s, port=%d, token=%s, namespaces=%s, oneWritePerSecond=%s, rateLimit=%s, idleTimeout=%s]"
        .formatted(
            directory,
            host,
            port,
            token == null ? "none" : "set",
            namespaces,
            oneWritePerSecond,
            rateLimit,
            idleTimeout);
  }

  private static void require(boolean rule, String message) {
    if (!rule) {
      throw new IllegalArgumentException(message);
    }
  }
}
