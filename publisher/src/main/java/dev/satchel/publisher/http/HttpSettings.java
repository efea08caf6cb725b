package dev.satchel.publisher.http;

import dev.satchel.kv.EnvVariables;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the port listens, and who may write through it.
 *
 * @param port 0 for any free one
 * @param operatorToken required for every write; null if the page never writes
 */
public record HttpSettings(String host, int port, @Nullable String operatorToken) {
  /** Listens to this machine only. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** A shorter token can be guessed. */
  private static final int MIN_TOKEN_CHARACTERS = 16;

  public static final String PORT = "SATCHEL_HTTP_PORT";
  public static final String HOST = "SATCHEL_HTTP_HOST";
  public static final String OPERATOR_TOKEN = "SATCHEL_OPERATOR_TOKEN";

  /** Reads the variables. Each that is wrong adds a line to {@code problems}. Null for no port. */
  public static @Nullable HttpSettings fromEnv(Map<String, String> env, List<String> problems) {
    String port = EnvVariables.get(env, PORT, "");
    String host = EnvVariables.get(env, HOST, DEFAULT_HOST).strip();
    String token = EnvVariables.secret(env, OPERATOR_TOKEN, problems).orElse(null);
    if (token != null && token.length() < MIN_TOKEN_CHARACTERS) {
      problems.add(
          "%s: expected %d characters or more, such as openssl rand -hex 16 gives, but found %d"
              .formatted(OPERATOR_TOKEN, MIN_TOKEN_CHARACTERS, token.length()));
    }
    if (port.isEmpty()) {
      return null;
    }
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
      problems.add(
          "%s: expected 1 to 65535, such as 8081, or 0 for any free port, but found %s"
              .formatted(PORT, port));
      return null;
    }
    return new HttpSettings(host, Integer.parseInt(port), token);
  }

  @Override
  public String toString() {
    return "%s:%d, %s"
        .formatted(host, port, operatorToken == null ? "read only" : "with an operator's token");
  }
}
