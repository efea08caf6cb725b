package dev.satchel.publisher.http;

import dev.satchel.publisher.store.SnapshotFeed;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the snapshot in use and its patches to applications, at the addresses that {@code
 * HttpSource} asks. A request with {@code Prefer: wait} (RFC 7240) and the ETag in use is answered
 * when there is another, or when its time is over. Confined to the port's context.
 */
final class SnapshotReaders {
  private static final String PATH = "/snapshots/";

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotReaders.class);

  /** Longer waits would be cut by proxies, which often take a minute for the end. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(50);

  /** A reader is answered after this time, whether KV has answered or not. */
  private static final long LONGEST_LOOK_MILLIS = 3_000;

  private static final String RETRY_SECONDS = "2";
  private static final Pattern PATCH = Pattern.compile("(.+)@([1-9][0-9]{0,17})\\.patch");
  private static final Pattern WAIT =
      Pattern.compile("(?:^|.*[,;\\s])wait\\s*=\\s*\"?([0-9]{1,9})\"?(?:[,;\\s].*)?$");

  /**
   * What bounds the memory that readers take.
   *
   * @param waiting requests; more are answered at once
   * @param transfers of bodies longer than a slice; more wait for their turn
   */
  record Limits(int waiting, int transfers) {
    static final Limits DEFAULT = new Limits(4_000, 64);
  }

  /** What answers have. */
  enum Answer {
    VALUE,
    PATCH,
    HEADERS,
    REFUSED
  }

  private final Vertx vertx;
  private final Context context;
  private final SnapshotFeed feed;
  private final String key;
  private final String token;
  private final Peers peers;
  private final int mostWaiting;
  private final BodyTransfers transfers;
  private final Set<Waiting> waiting = new LinkedHashSet<>();
  private final Map<Answer, LongAdder> answers = new EnumMap<>(Answer.class);
  private final LongAdder sentBytes = new LongAdder();
  private boolean isTokenTold;
  private volatile int waitingNow;

  /** Creates it on the port's context. */
  SnapshotReaders(Vertx vertx, SnapshotFeed feed, String token, Peers peers, Limits limits) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.feed = feed;
    this.key = feed.key();
    this.token = token;
    this.peers = peers;
    this.mostWaiting = limits.waiting();
    this.transfers = new BodyTransfers(limits.transfers());
    for (Answer what : Answer.values()) {
      answers.put(what, new LongAdder());
    }
    feed.open(() -> context.runOnContext(go -> answerWaiting()));
  }

  /** Returns how many such answers there were. Any thread may call this. */
  long answers(Answer what) {
    return Objects.requireNonNull(answers.get(what)).sum();
  }

  /** Returns how many bytes of values and patches were sent. Any thread may call this. */
  long sentBytes() {
    return sentBytes.sum();
  }

  /** Returns how many requests wait now. Any thread may call this. */
  int waiting() {
    return waitingNow;
  }

  /** A request that is answered when there is something else than what it knows. */
  private static final class Waiting {
    private final HttpServerRequest request;
    private final long seconds;
    private long timer;

    Waiting(HttpServerRequest request, long seconds) {
      this.request = request;
      this.seconds = seconds;
    }
  }

  static boolean isFor(HttpServerRequest request) {
    return request.path() != null && request.path().startsWith(PATH);
  }

  /** Answers now or later; throws {@link IllegalArgumentException} for a malformed path. */
  void answer(HttpServerRequest request) {
    if (!isBearer(request.getHeader("authorization"))) {
      if (!isTokenTold) {
        isTokenTold = true;
        LOG.warn("refused a reader without the token of {}", HttpSettings.SNAPSHOTS_TOKEN);
      }
      refuse(
          request,
          Reply.text(401, "expected the bearer token", Map.of("www-authenticate", "Bearer")));
      return;
    }
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      refuse(request, Reply.methodNotAllowed("GET, HEAD"));
      return;
    }
    String name =
        URLDecoder.decode(
            request.path().substring(PATH.length()).replace("+", "%2B"), StandardCharsets.UTF_8);
    Matcher patch = PATCH.matcher(name);
    if (name.equals(key)) {
      value(request);
    } else if (patch.matches() && patch.group(1).equals(key)) {
      patch(request, Long.parseLong(patch.group(2)));
    } else {
      refuse(request, Reply.text(404, "expected the path of the key that is published here"));
    }
  }

  private boolean isBearer(@Nullable String header) {
    String scheme = "Bearer ";
    return header != null
        && header.regionMatches(true, 0, scheme, 0, scheme.length())
        && Forgery.isToken(header.substring(scheme.length()).strip(), token);
  }

  private void value(HttpServerRequest request) {
    Optional<SnapshotFeed.Offer> offer = feed.offer();
    if (offer.isPresent() && isAhead(request, offer.get())) {
      afterLook(request, () -> feed.offer().ifPresent(found -> value(request, found)));
    } else if (offer.isPresent()) {
      value(request, offer.get());
    } else if (feed.isEmpty()) {
      refuse(request, Reply.text(404, "nothing is published under this key"));
    } else {
      refuse(
          request,
          Reply.text(
              503, "the key was not read from KV yet", Map.of("retry-after", RETRY_SECONDS)));
    }
  }

  /**
   * Returns whether a reader may know of a later value: another publisher at the same address has
   * told it. It must not be sent back to the one before.
   */
  private boolean isAhead(HttpServerRequest request, SnapshotFeed.Offer offer) {
    List<String> known = known(request);
    return !known.isEmpty()
        && !isKnown(known, offer.metadata().sha256())
        && known.stream().noneMatch(tag -> feed.hadBefore(tag.replace("\"", "")));
  }

  private void afterLook(HttpServerRequest request, Runnable answer) {
    Future.any(feed.lookForReader(), vertx.timer(LONGEST_LOOK_MILLIS, TimeUnit.MILLISECONDS))
        .onComplete(
            looked ->
                context.runOnContext(
                    go -> {
                      if (!request.response().closed()) {
                        answer.run();
                      }
                    }));
  }

  private void value(HttpServerRequest request, SnapshotFeed.Offer offer) {
    long seconds = askedToWait(request.getHeader("prefer"));
    if (seconds == 0) {
      answer(request, offer, 0);
    } else if (!isKnown(known(request), offer.metadata().sha256())) {
      answer(request, offer, seconds);
    } else if (waiting.size() >= mostWaiting) {
      answer(request, offer, 0); // which tells the reader that it did not wait
    } else {
      await(request, seconds);
    }
  }

  /** Returns the seconds that a request may wait here, 0 if it does not ask for any. */
  private static long askedToWait(@Nullable String prefer) {
    Matcher wait = WAIT.matcher(prefer == null ? "" : prefer);
    return wait.matches() ? Math.min(Long.parseLong(wait.group(1)), LONGEST_WAIT.toSeconds()) : 0;
  }

  private void await(HttpServerRequest request, long seconds) {
    var one = new Waiting(request, seconds);
    waiting.add(one);
    waitingNow = waiting.size();
    peers.prolong(request.connection(), Duration.ofSeconds(seconds));
    one.timer = vertx.setTimer(1_000 * seconds, due -> end(one, seconds));
    request.response().closeHandler(closed -> forget(one));
  }

  /** Returns whether the request was still waiting. */
  private boolean forget(Waiting one) {
    vertx.cancelTimer(one.timer);
    boolean wasWaiting = waiting.remove(one);
    waitingNow = waiting.size();
    return wasWaiting;
  }

  /**
   * Answers a request that waits.
   *
   * @param applied the seconds that it is told to have waited for, 0 to tell it nothing
   */
  private void end(Waiting one, long applied) {
    if (forget(one)) {
      feed.offer().ifPresent(offer -> answer(one.request, offer, applied));
    }
  }

  private void answerWaiting() {
    String sha256 = feed.offer().orElseThrow().metadata().sha256();
    for (Waiting one : List.copyOf(waiting)) {
      if (!isKnown(known(one.request), sha256)) {
        end(one, one.seconds);
      }
    }
  }

  /** Answers all that wait at once, so that no reader notices more than the end of its wait. */
  void close() {
    List.copyOf(waiting).forEach(one -> end(one, 0));
  }

  private void answer(HttpServerRequest request, SnapshotFeed.Offer offer, long waited) {
    var metadata = offer.metadata();
    MultiMap headers =
        headers(request, metadata.revision(), metadata.sha256(), "no-cache, no-transform")
            .set("satchel-published-at", metadata.publishedAt().toString());
    offer
        .patchTo(metadata.revision())
        .ifPresent(
            patch ->
                headers.set(
                    "satchel-patch",
                    "from=%d; bytes=%d; sha256=%s"
                        .formatted(patch.from(), patch.bytes().length(), patch.sha256())));
    if (waited > 0) {
      headers.set("preference-applied", "wait=" + waited);
    }
    send(request, offer.value(), metadata.sha256(), Answer.VALUE);
  }

  private void patch(HttpServerRequest request, long revision) {
    if (feed.offer().filter(offer -> revision > offer.revision()).isPresent()) {
      afterLook(request, () -> patchOfOffer(request, revision));
    } else {
      patchOfOffer(request, revision);
    }
  }

  private void patchOfOffer(HttpServerRequest request, long revision) {
    Optional<SnapshotFeed.Patch> patch = feed.offer().flatMap(offer -> offer.patchTo(revision));
    if (patch.isEmpty()) {
      refuse(request, Reply.text(404, "there is no such patch, or none any more"));
      return;
    }
    headers(request, revision, patch.get().sha256(), "max-age=86400, immutable, no-transform");
    send(request, patch.get().bytes(), patch.get().sha256(), Answer.PATCH);
  }

  private static MultiMap headers(
      HttpServerRequest request, long revision, String sha256, String caching) {
    return request
        .response()
        .headers()
        .set("content-type", "application/octet-stream")
        .set("x-content-type-options", "nosniff")
        .set("cache-control", "private, " + caching)
        .set("connection", "close")
        .set("etag", etag(sha256))
        .set("satchel-revision", Long.toString(revision))
        .set("satchel-sha-256", sha256);
  }

  private static String etag(String sha256) {
    return '"' + sha256 + '"';
  }

  /** Returns the ETags that the reader knows, without what marks weak ones. */
  private static List<String> known(HttpServerRequest request) {
    return request.headers().getAll("if-none-match").stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(tag -> tag.strip().replaceFirst("^W/", ""))
        .toList();
  }

  private static boolean isKnown(List<String> known, String sha256) {
    return known.contains("*") || known.contains(etag(sha256));
  }

  /**
   * Sends a body, or only the headers if that is asked for or the reader has the body.
   *
   * @param what it is
   */
  private void send(HttpServerRequest request, Buffer body, String sha256, Answer what) {
    HttpServerResponse response = request.response();
    boolean isKnown = isKnown(known(request), sha256);
    if (isKnown || request.method().equals(HttpMethod.HEAD)) {
      count(Answer.HEADERS, 0);
      if (isKnown) {
        response.setStatusCode(304);
      } else {
        response.putHeader("content-length", Integer.toString(body.length()));
      }
      response.end().onComplete(sent -> request.connection().close());
      return;
    }
    count(what, body.length());
    peers.prolong(request.connection(), Duration.ZERO);
    response.putHeader("content-length", Integer.toString(body.length()));
    transfers.send(request, body);
  }

  private void refuse(HttpServerRequest request, Reply reply) {
    count(Answer.REFUSED, 0);
    reply.send(vertx, request);
  }

  private void count(Answer what, int bytes) {
    Objects.requireNonNull(answers.get(what)).increment();
    sentBytes.add(bytes);
  }
}
