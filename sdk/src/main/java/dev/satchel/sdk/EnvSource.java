package dev.satchel.sdk;

import dev.satchel.kv.CloudflareKvReader;
import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.EnvVariables;
import dev.satchel.sdk.source.FileSource;
import dev.satchel.sdk.source.HttpSource;
import dev.satchel.sdk.source.SnapshotSource;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The source that environment variables describe. */
final class EnvSource {
  private static final String VARIABLE = "SATCHEL_SOURCE";
  private static final String TOKEN = "SATCHEL_SOURCE_TOKEN";
  private static final String TOKEN_FILE = "SATCHEL_SOURCE_TOKEN_FILE";
  private static final String RULE =
      "expected kv, an address https://…, or a file or folder with a slash in its path";

  /** The client must give up first, since it says what it waited for. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private EnvSource() {}

  static SnapshotSource of(Map<String, String> env, ConfigClientOptions options) {
    String text = env.getOrDefault(VARIABLE, "").strip();
    String lower = text.toLowerCase(Locale.ROOT);
    if (text.isEmpty() || lower.equals("kv")) {
      var settings = CloudflareSettings.fromEnv(env);
      return SnapshotSource.of(
          CloudflareKvReader.of(settings, options.network(), options.callTimeout().plus(GRACE)),
          options.keyToRead(),
          settings.accountId() + "/" + settings.namespaceId());
    }
    if (lower.startsWith("http://") || lower.startsWith("https://")) {
      return overHttp(text, env, options);
    } else if (lower.startsWith("file:") || (text.contains("/") && !text.contains("://"))) {
      return FileSource.of(path(text));
    }
    throw new IllegalArgumentException(VARIABLE + ": " + RULE + " but found something else");
  }

  private static SnapshotSource overHttp(
      String text, Map<String, String> env, ConfigClientOptions options) {
    URI address;
    try {
      address = new URI(text);
    } catch (URISyntaxException e) {
      // the reason quotes all of the address, and its query may hold a secret
      throw new IllegalArgumentException(VARIABLE + ": " + RULE + " but found a malformed address");
    }
    Map<String, String> headers = credentials(env);
    try {
      var source = HttpSource.of(address, headers, options.network());
      Duration longestWait = options.longestWait();
      return longestWait == null ? source : source.waiting(longestWait);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(VARIABLE + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, String> credentials(Map<String, String> env) {
    List<String> problems = new ArrayList<>();
    var token = EnvVariables.secret(env, TOKEN, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.get(0));
    }
    if (token.isPresent() && !token.get().chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException(
          "%s: expected a token of visible ASCII characters but found others"
              .formatted(EnvVariables.isSet(env, TOKEN_FILE) ? TOKEN_FILE : TOKEN));
    }
    return token.map(text -> Map.of("Authorization", "Bearer " + text)).orElse(Map.of());
  }

  private static Path path(String text) {
    try {
      return text.toLowerCase(Locale.ROOT).startsWith("file:")
          ? Path.of(URI.create(text))
          : Path.of(text);
    } catch (IllegalArgumentException e) { // InvalidPathException is one
      throw new IllegalArgumentException(VARIABLE + ": " + RULE + " but found another path", e);
    }
  }
}
