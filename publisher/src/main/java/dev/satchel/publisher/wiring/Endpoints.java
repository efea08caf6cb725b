package dev.satchel.publisher.wiring;

import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.EnvVariables;
import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.text.Grammar;
import dev.satchel.publisher.text.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which database and which KV namespace the variables name; nothing is opened yet. In embedded
 * mode, which only an environment that names neither asks for, both are null.
 */
public record Endpoints(
    @Nullable DatabaseSettings database, @Nullable CloudflareSettings cloudflare) {

  public static final Setting<String> DIRECTORY =
      Setting.of("SATCHEL_DIR", Grammar.text())
          .byDefault(".satchel")
          .means("where embedded mode keeps its data");

  /** What a command cannot do without. */
  public enum Need {
    BOTH,
    DATABASE,
    KV
  }

  /** Reads the variables and adds a line to {@code problems} for each that is missing or wrong. */
  public static Endpoints fromEnv(Map<String, String> env, Need need, List<String> problems) {
    boolean cloudflareIsNamed = CloudflareSettings.isConfigured(env);
    boolean databaseIsNamed =
        EnvVariables.isSet(env, EnvVariables.origin(env, DatabaseSettings.VARIABLE));
    if (!cloudflareIsNamed && !databaseIsNamed) {
      return new Endpoints(null, null);
    }
    return new Endpoints(
        need == Need.KV ? null : database(env, databaseIsNamed, problems),
        need == Need.DATABASE ? null : cloudflare(env, problems));
  }

  private static @Nullable DatabaseSettings database(
      Map<String, String> env, boolean isNamed, List<String> problems) {
    if (!isNamed) {
      // seed data of ours must never reach a real namespace
      problems.add(
          DatabaseSettings.VARIABLE
              + " is not set: expected postgresql://user:password@host:port/database, because"
              + " Cloudflare is configured");
      return null;
    }
    return DatabaseSettings.fromEnv(env, problems).orElse(null);
  }

  private static @Nullable CloudflareSettings cloudflare(
      Map<String, String> env, List<String> problems) {
    try {
      return CloudflareSettings.fromEnv(env);
    } catch (SettingsException e) {
      problems.addAll(e.problems());
      return null;
    }
  }

  /** Returns where embedded mode keeps its data. */
  public static Path directory(Map<String, String> env) {
    return Path.of(DIRECTORY.read(env, new ArrayList<>()));
  }

  /** Whether everything is to be started on this machine. */
  public boolean areEmbedded() {
    return database == null && cloudflare == null;
  }

  /** Tells the namespace apart from all others. */
  String namespace() {
    return cloudflare == null ? "local" : cloudflare.accountId() + "/" + cloudflare.namespaceId();
  }

  /** Returns the namespace, for a log line. */
  String kvInWords(Path directory) {
    return cloudflare == null
        ? "a local KV server over " + directory.resolve("kv")
        : "namespace %s at %s".formatted(cloudflare.namespaceId(), cloudflare.baseUrl());
  }
}
