package dev.satchel.sdk.source;

import dev.satchel.http.HttpAnswer;
import dev.satchel.http.HttpGet;
import dev.satchel.http.NetworkOptions;
import dev.satchel.kv.Digests;
import dev.satchel.kv.KvLimits;
import dev.satchel.kv.PublishedPatch;
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
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value at an HTTP address (a Worker, a CDN, an object store) and polls it with {@code
 * If-None-Match}. The server must send an ETag. Redirects are not followed, since headers may carry
 * secrets. Safe for any thread.
 *
 * <p>A server may name the value in {@code Satchel-Revision} and {@code Satchel-SHA-256}. Then
 * polls are HEAD, so that a change does not bring the value at once, and {@code Satchel-Patch:
 * from=REVISION; bytes=N; sha256=HEX} can name a patch, which lies at the address with
 * {@code @REVISION.patch} at the end of its path. From a server that sends no digest, all fields
 * are opened to check them, used or not.
 *
 * <p>{@link #waiting} adds requests that wait at the server until it has something new, so that a
 * client is told of a change and need not poll for it.
 */
public final class HttpSource implements SnapshotSource {
  /** The client ends a call sooner, at the timeout of its options. */
  private static final Duration LONGEST_CALL = Duration.ofDays(1);

  /** How many servers behind one address may each have an ETag of their own for the same bytes. */
  private static final int MAX_ETAGS = 8;

  private static final int MAX_ETAG_CHARACTERS = 1_024;

  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final URI address;
  private final Map<String, String> headers;
  private final NetworkOptions network;
  private final @Nullable Duration longestWait;

  private volatile WaitingRequests.Seen seen = WaitingRequests.Seen.NOTHING;

  private final CountDownLatch firstSeen = new CountDownLatch(1);

  // what follows is guarded by this

  /** The value last seen at the address, announced by its digest; one of {@code etags} names it. */
  private @Nullable Announcement last;

  private final Set<String> etags = new LinkedHashSet<>();

  /** The value that came with a poll, until the client asks for it. */
  private byte @Nullable [] received;

  private HttpSource(
      URI address,
      Map<String, String> headers,
      NetworkOptions network,
      @Nullable Duration longestWait) {
    this.address = address;
    this.headers = Map.copyOf(headers);
    this.network = network;
    this.longestWait = longestWait;
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
    return new HttpSource(address, headers, network, null);
  }

  /**
   * Returns a source for the same value that also asks the server to answer only when it has
   * something new ({@code Prefer: wait}, RFC 7240). Polls go on. A server that does not wait, or a
   * proxy that does not let it, costs a small request about each half minute and nothing else.
   *
   * @param longest how long one such request may wait, 1 s to 10 min
   */
  public HttpSource waiting(Duration longest) {
    if (longest.compareTo(SHORTEST_WAIT) < 0 || longest.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException(
          "expected a wait from %s to %s but found %s"
              .formatted(SHORTEST_WAIT, LONGEST_WAIT, longest));
    }
    return new HttpSource(address, headers, network, longest);
  }

  @Override
  public Watch whenChanged(Runnable changed) {
    Duration longest = longestWait;
    return longest == null
        ? () -> {}
        : WaitingRequests.start(toString(), firstSeen, () -> seen, this::head, longest, changed);
  }

  private HttpAnswer head(Map<String, String> more, Duration timeout)
      throws IOException, InterruptedException {
    var asked = new HashMap<>(headers);
    asked.putAll(more);
    return new HttpGet(address, asked, KvLimits.MAX_VALUE_BYTES, 0, timeout).sendHead(network);
  }

  @Override
  public synchronized Optional<Announcement> announcement() throws InterruptedException {
    received = null;
    Optional<Announcement> named =
        last == null || last.sha256() == null ? Optional.empty() : named();
    if (named.isPresent()) {
      return named;
    }
    HttpAnswer answer = get(seen.tags());
    if (answer.status() == 304 && last != null) {
      return Optional.of(last);
    } else if (isNothing(answer)) {
      last = null;
      seen = WaitingRequests.Seen.NOTHING;
      return Optional.empty();
    }
    Announcement before = last;
    Announcement announced = announced(answer);
    if (!announced.equals(before)) {
      received = answer.body();
    }
    return Optional.of(announced);
  }

  /** Asks with HEAD; returns empty if the server has stopped to say which value it has. */
  private Optional<Announcement> named() throws InterruptedException {
    HttpAnswer answer = sent(request(address, seen.tags(), 0)::sendHead);
    int status = answer.status();
    if (status == 304) {
      return Optional.ofNullable(last);
    } else if (status == 429 || (status >= 500 && status != 501)) {
      checkStatus(answer); // such a server is not asked twice
    }
    String etag = answer.header("etag");
    if (status != 200
        || etag == null
        || !isUsable(etag)
        || answer.header("content-encoding") != null) {
      return Optional.empty();
    }
    return NamedValue.of(answer)
        .map(value -> seen(value.announcement(NamedValue.bytes(answer)), etag));
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
    if (!announced(answer).tag().equals(announced.tag())) {
      throw SourceException.passing("%s changed while it was read".formatted(this));
    }
    return Optional.of(answer.body());
  }

  @Override
  public Optional<byte[]> patch(long revision, AnnouncedPatch patch) throws InterruptedException {
    var get =
        new HttpGet(patchAddress(revision), headers, patch.bytes(), patch.bytes(), LONGEST_CALL);
    HttpAnswer answer = sent(get::send);
    if (isNothing(answer)) {
      return Optional.empty();
    }
    checkStatus(answer);
    return Optional.of(answer.body());
  }

  private URI patchAddress(long revision) {
    String path = address.getRawPath();
    String query = address.getRawQuery();
    return URI.create(
        "%s://%s%s%s"
            .formatted(
                address.getScheme(),
                address.getRawAuthority(),
                // without the slash, what comes before the @ would not be the host any more
                PublishedPatch.key(path == null || path.isEmpty() ? "/" : path, revision),
                query == null ? "" : "?" + query));
  }

  private static boolean isNothing(HttpAnswer answer) {
    return answer.status() == 404 || answer.status() == 410;
  }

  private HttpAnswer get(String tags) throws InterruptedException {
    int expected =
        last == null ? 0 : (int) Math.min(Math.max(0, last.bytes()), KvLimits.MAX_VALUE_BYTES);
    return sent(request(address, tags, expected)::send);
  }

  private HttpGet request(URI target, String tags, int expectedBytes) {
    var asked = new HashMap<>(headers);
    if (!tags.isEmpty()) {
      asked.put("If-None-Match", tags);
    }
    return new HttpGet(target, asked, KvLimits.MAX_VALUE_BYTES, expectedBytes, LONGEST_CALL);
  }

  /** A request that is ready to be sent. */
  private interface Exchange {
    HttpAnswer send(NetworkOptions network) throws IOException, InterruptedException;
  }

  private HttpAnswer sent(Exchange exchange) throws InterruptedException {
    try {
      return exchange.send(network);
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
    if (etag == null || !isUsable(etag)) {
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
    long bytes = answer.body().length;
    return seen(
        NamedValue.of(answer)
            .filter(value -> value.sha256().equals(found))
            // no patch: the value itself is here
            .map(value -> new Announcement(found, value.revision(), found, bytes))
            .orElseGet(() -> new Announcement(found, Announcement.UNKNOWN, null, bytes)),
        etag);
  }

  /** Notes what is at the address; returns what was noted before if it is the same value. */
  private Announcement seen(Announcement announced, String etag) {
    Announcement noted = last;
    if (noted == null || !announced.tag().equals(noted.tag())) {
      etags.clear();
      noted = announced;
      last = noted;
    }
    etags.add(etag);
    if (etags.size() > MAX_ETAGS) {
      etags.remove(etags.iterator().next());
    }
    seen = new WaitingRequests.Seen(String.join(", ", etags), noted.revision());
    firstSeen.countDown();
    return noted;
  }

  static boolean isUsable(String etag) {
    return etag.length() <= MAX_ETAG_CHARACTERS && etag.chars().allMatch(c -> c > ' ' && c < 127);
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
