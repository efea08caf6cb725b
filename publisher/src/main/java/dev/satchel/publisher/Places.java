package dev.satchel.publisher;

import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.source.DatabaseSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The database and the KV namespace that the variables name; nothing is opened yet. Both are null
 * in embedded mode, which requires that the environment names neither.
 */
record Places(@Nullable DatabaseSettings database, @Nullable CloudflareSettings cloudflare) {

  /** What a command needs. */
  enum Need {
    BOTH,
    DATABASE,
    KV
  }

  /** Reads the variables and adds a line to {@code problems} for each that is missing or wrong. */
  static Places fromEnv(Map<String, String> env, Need need, List<String> problems) {
    boolean cloudflareIsNamed = CloudflareSettings.isConfigured(env);
    boolean databaseIsNamed =
        isSet(env, DatabaseSettings.VARIABLE) || isSet(env, DatabaseSettings.FILE_VARIABLE);
    if (!cloudflareIsNamed && !databaseIsNamed) {
      return new Places(null, null);
    }
    return new Places(
        need == Need.KV ? null : database(env, databaseIsNamed, problems),
        need == Need.DATABASE ? null : cloudflare(env, problems));
  }

  private static @Nullable DatabaseSettings database(
      Map<String, String> env, boolean isNamed, List<String> problems) {
    if (!isNamed) {
      // our seed data must never reach a real namespace
      problems.add(
          DatabaseSettings.VARIABLE
              + " is not set: expected postgresql://user:password@host:port/database, because"
              + " Cloudflare is configured");
      return null;
    }
    try {
      return DatabaseSettings.fromEnvironment(env).orElseThrow();
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return null;
    }
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

  private static boolean isSet(Map<String, String> env, String name) {
    return !env.getOrDefault(name, "").isBlank();
  }

  /** Returns whether everything is to be started on this machine. */
  boolean areEmbedded() {
    return database == null && cloudflare == null;
  }

  /** Returns a name that tells the namespace apart from all others. */
  String namespace() {
    return cloudflare == null ? "local" : cloudflare.accountId() + "/" + cloudflare.namespaceId();
  }

  /** Returns the namespace for a log line. */
  String kvInWords(Path directory) {
    return cloudflare == null
        ? "a local KV server over " + directory.resolve("kv")
        : "namespace %s at %s".formatted(cloudflare.namespaceId(), cloudflare.baseUrl());
  }
}
