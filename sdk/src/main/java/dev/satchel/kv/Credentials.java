package dev.satchel.kv;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What Cloudflare asks for with each call. Nothing but a request's headers ever shows it. */
public final class Credentials {
  private static final int BASE64_BITS = 6;

  /** Fewer would also take away what only looks like it. */
  private static final int FEWEST_CODED_CHARACTERS = 6;

  private static final int FEWEST_CHARACTERS_OF_SECRET = 4;

  private final @Nullable String email;
  private final String secret;
  private final Pattern echo;

  private Credentials(@Nullable String email, String secret) {
    this.email = email;
    this.secret = secret;
    this.echo =
        Pattern.compile(
            forms(secret).map(Pattern::quote).collect(Collectors.joining("|")),
            Pattern.CASE_INSENSITIVE);
  }

  /** The secret as it is, as a URL has it, and as it lies in base64, at any of three places. */
  private static Stream<String> forms(String secret) {
    Stream.Builder<String> forms = Stream.builder();
    forms.add(secret);
    forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
    for (int before = 0; before < 3; before++) {
      byte[] bytes = ("x".repeat(before) + secret).getBytes(StandardCharsets.UTF_8);
      String encoded = Base64.getEncoder().encodeToString(bytes);
      // but for the characters that hold bits of what stands before or behind it
      int from = before == 0 ? 0 : before + 1;
      int to = bytes.length * Byte.SIZE / BASE64_BITS;
      if (to - from >= FEWEST_CODED_CHARACTERS) {
        String certain = encoded.substring(from, to);
        forms.add(certain);
        forms.add(certain.replace('+', '-').replace('/', '_'));
      }
    }
    return forms.build();
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

  /** The headers that a request carries. */
  public Map<String, String> headers() {
    return email == null
        ? Map.of("Authorization", "Bearer " + secret)
        : Map.of("X-Auth-Email", email, "X-Auth-Key", secret);
  }

  /** The environment variables that these come from, for messages. */
  String variables() {
    return email == null
        ? CloudflareSettings.TOKEN
        : CloudflareSettings.EMAIL + " and " + CloudflareSettings.KEY;
  }

  /**
   * {@code text} without the secret, should somebody else have put it there, also in base64 or as a
   * part of a URL. Letters in either case: an HTTP decoder puts a malformed version into capitals
   * before it quotes it.
   */
  String removeFrom(String text) {
    // a token of a local server may be a letter, which is no secret and stands in every word
    return secret.length() < FEWEST_CHARACTERS_OF_SECRET
        ? text
        : echo.matcher(text).replaceAll("…");
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
