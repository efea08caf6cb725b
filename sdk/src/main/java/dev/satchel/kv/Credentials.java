package dev.satchel.kv;

import io.vertx.core.MultiMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What Cloudflare asks for with each call. Nothing but a request's headers ever shows it. */
public final class Credentials {
  private final @Nullable String email;
  private final String secret;
  private final Pattern echo;

  private Credentials(@Nullable String email, String secret) {
    this.email = email;
    this.secret = secret;
    this.echo = Pattern.compile(Pattern.quote(secret), Pattern.CASE_INSENSITIVE);
  }

  /** A scoped API token: visible ASCII characters. */
  public static Credentials token(String token) {
    return new Credentials(null, checked("token", token));
  }

  /** The global API key of the user with this email address: visible ASCII characters both. */
  public static Credentials emailAndKey(String email, String key) {
    return new Credentials(checked("email", email), checked("key", key));
  }

  /** Whether {@code text} can be a header's value as it stands. */
  static boolean isVisibleAscii(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127);
  }

  void addTo(MultiMap headers) {
    if (email == null) {
      headers.add("Authorization", "Bearer " + secret);
    } else {
      headers.add("X-Auth-Email", email).add("X-Auth-Key", secret);
    }
  }

  /** The environment variables that these come from, for messages. */
  String variables() {
    return email == null
        ? CloudflareSettings.TOKEN
        : CloudflareSettings.EMAIL + " and " + CloudflareSettings.KEY;
  }

  /**
   * {@code text} without the secret, should somebody else have put it there. Letters in either
   * case: an HTTP decoder puts a malformed version into capitals before it quotes it.
   */
  String removeFrom(String text) {
    return echo.matcher(text).replaceAll("…");
  }

  @Override
  public String toString() {
    return email == null ? "Token[…]" : "Key[…]";
  }

  private static String checked(String name, String text) {
    if (!isVisibleAscii(text)) {
      throw new IllegalArgumentException(
          "expected "
              + name
              + " of visible ASCII characters but found white space, control characters, others or nothing");
    }
    return text;
  }
}
