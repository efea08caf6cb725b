package dev.satchel.publisher.http;

import dev.satchel.kv.EnvVariables;
import dev.satchel.publisher.text.Grammar;
import dev.satchel.publisher.text.Setting;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the port listens, who may write through it, and who may read snapshots.
 *
 * @param port 0 takes any free one
 * @param operatorToken what every write has to show; null if the page never writes
 * @param snapshotsToken what every reader of snapshots has to show; null if none are served
 */
public record HttpSettings(
    String host, int port, @Nullable String operatorToken, @Nullable String snapshotsToken) {
  /** Listens to this machine only. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** A shorter token can be guessed. */
  private static final int MIN_TOKEN_CHARACTERS = 16;

  public static final Setting<Integer> PORT =
      Setting.of(
              "SATCHEL_HTTP_PORT", Grammar.port(0, ", such as 8081, where 0 takes any free port"))
          .option("--http-port", "N")
          .otherwise("off")
          .means("run: the port for health, metrics and pages; 0 takes any free port");

  public static final Setting<String> HOST =
      Setting.of("SATCHEL_HTTP_HOST", Grammar.text())
          .option("--http-host", "ADDRESS")
          .byDefault(DEFAULT_HOST)
          .means("run: the address on which that port listens");

  public static final Setting<String> OPERATOR_TOKEN =
      Setting.secret("SATCHEL_OPERATOR_TOKEN")
          .otherwise("none")
          .means(
              "run: what the operator's page asks for before it writes, "
                  + MIN_TOKEN_CHARACTERS
                  + " characters or more; without it, the page only shows");

  public static final Setting<String> SNAPSHOTS_TOKEN =
      Setting.secret("SATCHEL_SNAPSHOTS_TOKEN")
          .otherwise("none")
          .means(
              "run: what applications send as a bearer token for /snapshots/KEY, "
                  + MIN_TOKEN_CHARACTERS
                  + " characters or more; without it, the port serves no snapshots");

  /** Reads the variables. Each that is wrong adds a line to {@code problems}. Null for no port. */
  public static @Nullable HttpSettings fromEnv(Map<String, String> env, List<String> problems) {
    String host = HOST.read(env, problems);
    String operator = token(OPERATOR_TOKEN, env, problems);
    String snapshots = token(SNAPSHOTS_TOKEN, env, problems);
    if (snapshots != null && snapshots.equals(operator)) {
      problems.add(
          "%s: expected another token than %s, which every application would hold, but found the same"
              .formatted(SNAPSHOTS_TOKEN, OPERATOR_TOKEN));
    }
    var port = PORT.find(env, problems);
    if (snapshots != null && port.isEmpty()) {
      problems.add(
          "%s: expected %s as well, such as 8081, because that port serves the snapshots, but found none"
              .formatted(SNAPSHOTS_TOKEN, PORT));
    }
    return port.map(number -> new HttpSettings(host, number, operator, snapshots)).orElse(null);
  }

  private static @Nullable String token(
      Setting<String> setting, Map<String, String> env, List<String> problems) {
    String token = EnvVariables.secret(env, setting.variable(), problems).orElse(null);
    if (token != null && token.length() < MIN_TOKEN_CHARACTERS) {
      problems.add(
          "%s: expected %d characters or more, such as openssl rand -hex 16 gives, but found %d"
              .formatted(setting, MIN_TOKEN_CHARACTERS, token.length()));
    }
    return token;
  }

  @Override
  public String toString() {
    return "%s:%d, %s%s"
        .formatted(
            host,
            port,
            operatorToken == null ? "read only" : "with an operator's token",
            snapshotsToken == null ? "" : ", with snapshots for applications");
  }
}
