package dev.satchel.kv;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The secret that authenticates each call to Cloudflare. Only a request's headers ever show it. */
public final class Credentials {
  private static final int BASE64_BITS = 6;

  /** With fewer, text that only looks like the secret would be removed too. */
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

  /** Returns the secret as it is, as in a URL, and as in base64 at each of three offsets. */
  private static Stream<String> forms(String secret) {
    Stream.Builder<String> forms = Stream.builder();
    forms.add(secret);
    forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
    for (int before = 0; before < 3; before++) {
      byte[] bytes = ("x".repeat(before) + secret).getBytes(StandardCharsets.UTF_8);
      String encoded = Base64.getEncoder().encodeToString(bytes);
      // without the characters that also hold bits of what stands before or after it
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

  /** Returns the credentials of a scoped API token, which is visible ASCII characters. */
  public static Credentials token(String token) {
    return new Credentials(null, checked("token", token));
  }

  /**
   * Returns the credentials of a user with this email address and global API key, both visible
   * ASCII characters.
   */
  public static Credentials emailAndKey(String email, String key) {
    return new Credentials(checked("email", email), checked("key", key));
  }

  /** Returns whether {@code text} can be a header's value as it is. */
  static boolean isVisibleAscii(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127);
  }

  /** Returns the headers that a request carries. */
  public Map<String, String> headers() {
    return email == null
        ? Map.of("Authorization", "Bearer " + secret)
        : Map.of("X-Auth-Email", email, "X-Auth-Key", secret);
  }

  /** Returns the names of the environment variables that these come from, for messages. */
  String variables() {
    return email == null
        ? CloudflareSettings.TOKEN
        : CloudflareSettings.EMAIL + " and " + CloudflareSettings.KEY;
  }

  /**
   * Returns {@code text} without the secret, if the other side has put it there, also in base64 or
   * as part of a URL. Matches letters of either case: an HTTP decoder writes a malformed version in
   * capitals before it quotes it.
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
