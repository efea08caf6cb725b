package dev.satchel.publisher.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells requests that this page made from those that another site made a browser send. */
final class Forgery {
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]");

  private Forgery() {}

  /**
   * Returns whether the browser says that a page of another origin sent the request. Programs other
   * than browsers say nothing, and only their token counts.
   */
  static boolean isFromElsewhere(HttpServerRequest request) {
    String site = request.getHeader("sec-fetch-site");
    String origin = request.getHeader("origin");
    String host = request.getHeader("host");
    return (site != null && !site.equals("same-origin"))
        || (origin != null
            && !origin.equals("http://" + host)
            && !origin.equals("https://" + host));
  }

  /**
   * Returns whether the request names this server by an address, as localhost, or by the host it
   * listens on. Otherwise a stranger's name server could point a name at this machine, and the
   * stranger's page would have our origin.
   */
  static boolean isMeantForUs(HttpServerRequest request, String listeningHost) {
    String host = request.getHeader("host");
    if (host == null) {
      return false;
    }
    String name = host.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
    return ADDRESS.matcher(name).matches()
        || name.equals("localhost")
        || name.equals(listeningHost.toLowerCase(Locale.ROOT));
  }

  /** Returns whether the request comes from this machine; one through a tunnel does, too. */
  static boolean isFromThisMachine(HttpServerRequest request) {
    return Optional.ofNullable(request.remoteAddress())
        .map(address -> address.hostAddress())
        .filter(address -> isLoopback(address))
        .isPresent();
  }

  private static boolean isLoopback(@Nullable String address) {
    try {
      return address != null && InetAddress.getByName(address).isLoopbackAddress();
    } catch (java.net.UnknownHostException e) {
      return false;
    }
  }

  /** Compares in a time that does not reveal where the difference is. */
  static boolean isToken(@Nullable String given, String expected) {
    return given != null
        && MessageDigest.isEqual(
            given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }
}
