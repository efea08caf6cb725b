package dev.satchel.publisher.check;

import dev.satchel.kv.PublishedPatch;
import dev.satchel.publisher.text.RefusedException;
import java.net.URI;
import java.net.URISyntaxException;

/** The address of a value. Its query may hold a secret, so no message shows it. */
record SourceAddress(URI uri) {
  private static final String RULE = "expected an address https://… or http://… with a host";

  /** Reads an address; throws {@link RefusedException} without its text if it is none. */
  static SourceAddress parse(String text) {
    try {
      var uri = new URI(text);
      boolean isHttp =
          "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
      if (!isHttp || uri.getHost() == null || uri.getRawUserInfo() != null) {
        throw new RefusedException(
            RULE
                + (uri.getRawUserInfo() == null
                    ? " but found something else"
                    : " and without a user name but found one with it"));
      }
      return new SourceAddress(uri);
    } catch (URISyntaxException e) {
      throw new RefusedException(RULE + " but found a malformed one");
    }
  }

  /** Returns the address of the patch to a revision, as clients make it. */
  URI patch(long revision) {
    return withPath(PublishedPatch.key(path(), revision));
  }

  /** Returns the address of a key next to this one that nobody has published. */
  URI unknownKey() {
    return withPath(path() + "-satchel-check-source-unknown");
  }

  boolean isSecure() {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  boolean isOfThisMachine() {
    String host = uri.getHost();
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  private String path() {
    String path = uri.getRawPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  private URI withPath(String path) {
    String query = uri.getRawQuery();
    return URI.create(
        "%s://%s%s%s"
            .formatted(
                uri.getScheme(), uri.getRawAuthority(), path, query == null ? "" : "?" + query));
  }

  /** Returns the address without its query. */
  @Override
  public String toString() {
    return "%s://%s%s".formatted(uri.getScheme(), uri.getRawAuthority(), path());
  }
}
