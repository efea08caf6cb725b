package dev.satchel.sdk.source;

import dev.satchel.http.HttpAnswer;
import dev.satchel.http.HttpGet;
import dev.satchel.http.NetworkOptions;
import dev.satchel.kv.Digests;
import dev.satchel.kv.KvLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value at an HTTP address (a Worker, a CDN, an object store) and polls it with {@code
 * If-None-Match}. The server must send an ETag. As it sends no digest of the value, all fields are
 * opened to check them, used or not. Redirects are not followed, since headers may carry secrets.
 * Safe for any thread.
 */
public final class HttpSource implements SnapshotSource {
  /** The client ends a call sooner, at the timeout of its options. */
  private static final Duration LONGEST_CALL = Duration.ofDays(1);

  /** How many servers behind one address may each have an ETag of their own for the same bytes. */
  private static final int MAX_ETAGS = 8;

  private static final int MAX_ETAG_CHARACTERS = 1_024;

  private final URI address;
  private final Map<String, String> headers;
  private final NetworkOptions network;

  // what follows is guarded by this

  /** The value last seen at the address, announced by its digest; one of {@code etags} names it. */
  private @Nullable Announcement last;

  private final Set<String> etags = new LinkedHashSet<>();

  /** The value that came with a poll, until the client asks for it. */
  private byte @Nullable [] received;

  private HttpSource(URI address, Map<String, String> headers, NetworkOptions network) {
    this.address = address;
    this.headers = Map.copyOf(headers);
    this.network = network;
  }

  /** Returns a source for the value at this address. */
  public static HttpSource of(URI address) {
    return of(address, Map.of());
  }

  /**
   * Returns a source for the value at this address, requested with these headers; see {@link
   * #of(URI, Map, NetworkOptions)}.
   */
  public static HttpSource of(URI address, Map<String, String> headers) {
    return of(address, headers, NetworkOptions.defaults());
  }

  /**
   * Returns a source for the value at this address, requested with these headers. Their values
   * never reach a message.
   *
   * @param address {@code https}, or {@code http} to this machine or where {@code network} allows
   *     it
   */
  public static HttpSource of(URI address, Map<String, String> headers, NetworkOptions network) {
    // checks scheme, host and headers
    new HttpGet(address, headers, KvLimits.MAX_VALUE_BYTES, 0, LONGEST_CALL);
    network
        .refusal(address)
        .ifPresent(
            refusal -> {
              throw new IllegalArgumentException(refusal);
            });
    return new HttpSource(address, headers, network);
  }

  @Override
  public synchronized Optional<Announcement> announcement() throws InterruptedException {
    received = null;
    HttpAnswer answer = get(last == null ? "" : String.join(", ", etags));
    if (answer.status() == 304 && last != null) {
      return Optional.of(last);
    } else if (isNothing(answer)) {
      last = null;
      return Optional.empty();
    }
    Announcement before = last;
    Announcement announced = announced(answer);
    if (!announced.equals(before)) {
      received = answer.body();
    }
    return Optional.of(announced);
  }

  @Override
  public synchronized Optional<byte[]> value(Announcement announced) throws InterruptedException {
    byte[] waiting = received;
    received = null;
    if (waiting != null && announced.equals(last)) {
      return Optional.of(waiting);
    }
    HttpAnswer answer = get("");
    if (isNothing(answer)) {
      return Optional.empty();
    }
    if (!announced(answer).equals(announced)) {
      throw SourceException.passing("%s changed while it was read".formatted(this));
    }
    return Optional.of(answer.body());
  }

  private static boolean isNothing(HttpAnswer answer) {
    return answer.status() == 404 || answer.status() == 410;
  }

  private HttpAnswer get(String known) throws InterruptedException {
    var asked = new HashMap<>(headers);
    if (!known.isEmpty()) {
      asked.put("If-None-Match", known);
    }
    try {
      int expected = last == null ? 0 : (int) last.bytes();
      return new HttpGet(address, asked, KvLimits.MAX_VALUE_BYTES, expected, LONGEST_CALL)
          .send(network);
    } catch (IOException e) {
      throw SourceException.passing("%s: %s".formatted(this, e.getMessage()));
    }
  }

  /**
   * Returns what an answer with a value announces: the same as before if the bytes are the same.
   */
  private Announcement announced(HttpAnswer answer) {
    checkStatus(answer);
    String type = String.valueOf(answer.header("content-type"));
    if (type.toLowerCase(Locale.ROOT).startsWith("text/") || type.contains("json")) {
      throw SourceException.lasting(
          "%s: expected bytes but found content type %s".formatted(this, shortened(type)));
    }
    String etag = answer.header("etag");
    if (etag == null || etag.length() > MAX_ETAG_CHARACTERS || !isVisible(etag)) {
      throw SourceException.lasting(
          "%s: expected an ETag, so that polls can be small, but found none".formatted(this));
    }
    if (!answer.hasKnownEnd()) {
      throw SourceException.passing(
          "%s: expected a body with a length or in chunks but found one that ends with its"
                  .formatted(this)
              + " connection");
    }
    String found = Digests.sha256(answer.body());
    Announcement known = last;
    if (known == null || !found.equals(known.tag())) {
      etags.clear();
      known = new Announcement(found, Announcement.UNKNOWN, null, answer.body().length);
      last = known;
    }
    etags.add(etag);
    if (etags.size() > MAX_ETAGS) {
      etags.remove(etags.iterator().next());
    }
    return known;
  }

  private static boolean isVisible(String etag) {
    return etag.chars().allMatch(c -> c > ' ' && c < 127);
  }

  private void checkStatus(HttpAnswer answer) {
    int status = answer.status();
    if (status == 200) {
      return;
    }
    String message = "%s: expected status 200 but found %d".formatted(this, status);
    if (status == 429) {
      throw SourceException.tooOften(message, answer.retryAfter());
    } else if (status >= 500 || status == 408) {
      throw SourceException.passing(message, answer.retryAfter());
    }
    throw SourceException.lasting(
        status >= 300 && status < 400 ? message + "; redirects are not followed" : message);
  }

  private static String shortened(String text) {
    String line = text.replaceAll("[^ -~]", "?");
    return line.length() <= 60 ? line : line.substring(0, 60) + "…";
  }

  /** Returns the address without its query, which may hold a secret. */
  @Override
  public String toString() {
    return "%s://%s%s%s"
        .formatted(
            address.getScheme(),
            address.getHost(),
            address.getPort() < 0 ? "" : ":" + address.getPort(),
            address.getPath());
  }

  /** Returns the address with a digest of its query, which may name the snapshot. */
  @Override
  public String identity() {
    return address.getRawQuery() == null
        ? toString()
        : this
            + "?"
            + Digests.sha256(address.getRawQuery().getBytes(StandardCharsets.UTF_8))
                .substring(0, 16);
  }
}
