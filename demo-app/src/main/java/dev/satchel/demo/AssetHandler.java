package dev.satchel.demo;

import dev.satchel.demo.AssetCache.Asset;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.MimeMapping;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code /assets/…} with what KV holds under {@code assets/…}, whole or in part. */
final class AssetHandler {
  private static final Logger LOG = LoggerFactory.getLogger(AssetHandler.class);

  /** Types that browsers know, but Vert.x does not or names by an older type. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("js", "text/javascript"),
          Map.entry("mjs", "text/javascript"),
          Map.entry("json", "application/json"),
          Map.entry("md", "text/markdown"),
          Map.entry("webp", "image/webp"),
          Map.entry("avif", "image/avif"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("m4a", "audio/mp4"),
          Map.entry("ogg", "audio/ogg"),
          Map.entry("opus", "audio/ogg"),
          Map.entry("wav", "audio/wav"),
          Map.entry("flac", "audio/flac"),
          Map.entry("mp4", "video/mp4"),
          Map.entry("webm", "video/webm"),
          Map.entry("woff2", "font/woff2"));

  /** Types in which a browser would run scripts; others are shown, played or downloaded. */
  private static final Set<String> ACTIVE_TYPES =
      Set.of("text/html", "application/xhtml+xml", "image/svg+xml", "application/xml", "text/xml");

  private final AssetCache cache;

  AssetHandler(AssetCache cache) {
    this.cache = cache;
  }

  /** Answers a GET or HEAD whose path is under {@code /assets/}. */
  void handle(HttpServerRequest request, String rawPath) {
    Optional<String> key = AssetPath.key(rawPath);
    if (key.isEmpty()) {
      Answers.text(request, 404, "not found");
      return;
    }
    cache
        .get(key.get())
        .onSuccess(
            found ->
                found.ifPresentOrElse(
                    asset -> send(request, key.get(), asset),
                    () -> Answers.text(request, 404, "not found")))
        .onFailure(
            failure -> {
              if (failure instanceof AssetCache.BusyException) {
                request.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
                Answers.text(request, 503, "busy, try again in a second");
              } else {
                LOG.warn("asset not read: {}", failure.getMessage());
                Answers.text(request, 502, "the store did not answer, try again later");
              }
            });
  }

  private static void send(HttpServerRequest request, String key, Asset asset) {
    HttpServerResponse response = request.response();
    String type = typeOf(key);
    Answers.secure(response)
        .putHeader(HttpHeaders.CONTENT_TYPE, withCharset(type))
        .putHeader(HttpHeaders.ETAG, asset.etag())
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
        .putHeader(
            HttpHeaders.CACHE_CONTROL, "public, max-age=" + AssetCache.TIME_TO_LIVE.toSeconds());
    if (ACTIVE_TYPES.contains(type)) {
      response.putHeader(
          "content-security-policy",
          "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    }
    if (matches(request.getHeader(HttpHeaders.IF_NONE_MATCH), asset.etag())) {
      response.setStatusCode(304).end();
      return;
    }
    int length = asset.bytes().length();
    ByteRange range = rangeOf(request, asset);
    if (range == null) {
      Answers.end(request, asset.bytes());
    } else if (range.equals(ByteRange.UNSATISFIABLE)) {
      response.putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + length).setStatusCode(416);
      Answers.end(request, Buffer.buffer());
    } else {
      response.putHeader(HttpHeaders.CONTENT_RANGE, range.contentRange(length)).setStatusCode(206);
      Answers.end(request, asset.bytes().slice(range.first(), range.last() + 1));
    }
  }

  /**
   * Returns the range asked for. Only a GET has ranges (RFC 9110, 14.2), and only of the value that
   * If-Range names (13.1.5).
   */
  private static @Nullable ByteRange rangeOf(HttpServerRequest request, Asset asset) {
    String ifRange = request.getHeader("if-range");
    boolean wanted =
        request.method().equals(HttpMethod.GET)
            && (ifRange == null || ifRange.equals(asset.etag()));
    return wanted ? ByteRange.parse(request.getHeader("range"), asset.bytes().length()) : null;
  }

  private static boolean matches(@Nullable String ifNoneMatch, String etag) {
    if (ifNoneMatch == null) {
      return false;
    }
    for (String candidate : ifNoneMatch.split(",", -1)) {
      String tag = candidate.strip();
      if (tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the type for the ending of the name; an unknown one is offered as a download. */
  static String typeOf(String key) {
    String extension = key.substring(key.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String type = TYPES.get(extension);
    if (type == null) {
      type = MimeMapping.mimeTypeForExtension(extension);
    }
    return type == null ? "application/octet-stream" : type;
  }

  private static String withCharset(String type) {
    return type.startsWith("text/") || type.equals("image/svg+xml")
        ? type + "; charset=utf-8"
        : type;
  }
}
