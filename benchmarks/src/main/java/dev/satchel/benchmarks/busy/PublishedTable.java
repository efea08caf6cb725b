package dev.satchel.benchmarks.busy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.satchel.benchmarks.decision.Child;
import dev.satchel.benchmarks.decision.Programs;
import dev.satchel.benchmarks.decision.StoreProcess;
import dev.satchel.publisher.seed.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A table of users, and the programs that read it. Confined to one thread. */
final class PublishedTable {
  private static final int STORE_HEAP_MIB = 1_024;
  private static final String HEAP = "-Xmx512m";

  /** The private PostgreSQL and the local KV server, in a process of their own. */
  record World(Child process, Path folder, Map<String, String> variables) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      process.close();
    }
  }

  private final World world;
  private final Profile profile;
  private final int users;
  private final String name;
  private final Path jar;

  PublishedTable(World world, Profile profile, int users) throws IOException {
    this.world = world;
    this.profile = profile;
    this.users = users;
    name = "users_" + profile.name().toLowerCase(Locale.ROOT);
    jar = Programs.jar("publisher", "satchel.jar");
  }

  /** Starts both servers over an empty folder. */
  static World world(Path folder) throws IOException {
    Child process =
        Child.start(
            Programs.mainWithDatabase(
                STORE_HEAP_MIB, StoreProcess.class, folder.resolve("kv").toString(), "database"),
            Map.of());
    JsonNode places = process.answer();
    return new World(
        process,
        folder,
        Map.of(
            "DATABASE_CONNECTION_STRING",
            places.get("database").asText(),
            "CLOUDFLARE_API_BASE_URL",
            places.get("baseUrl").asText(),
            "CLOUDFLARE_API_TOKEN",
            "any",
            "CLOUDFLARE_ACCOUNT_ID",
            "local",
            "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID",
            StoreProcess.NAMESPACE));
  }

  /** Fills the table. */
  void seed() throws IOException {
    Map<String, String> database = new HashMap<>(world.variables());
    database.keySet().removeIf(variable -> variable.startsWith("CLOUDFLARE_"));
    List<String> command = satchel("seed", "--json", "--users", String.valueOf(users));
    command.addAll(List.of("--profile", profile.name(), "--table", name));
    Finished.of(command, database, log("seed"));
    world.process().ask("sql VACUUM ANALYZE " + name);
  }

  /** Changes ten users, and tells who listens. */
  void change() throws IOException {
    world
        .process()
        .ask(
            ("sql UPDATE %s SET preview_features_enabled = NOT preview_features_enabled"
                    + " WHERE id IN (SELECT id FROM %s ORDER BY id LIMIT 10); NOTIFY %s")
                .formatted(name, name, name));
  }

  /** Copies the rows with psql, to nowhere. */
  Finished copy() throws IOException {
    String copy = "\\copy (%s) to '/dev/null' (format binary)".formatted(profile.query(name));
    String database = world.variables().get("DATABASE_CONNECTION_STRING");
    return Finished.of(
        List.of("psql", "-X", "-q", "-c", copy, database), world.variables(), log("psql"));
  }

  /** Publishes all users in a fresh JVM with these options, under a key for those who have them. */
  Finished publishOnce(String key, List<String> javaOptions) throws IOException {
    List<String> command = satchel("publish", "--json");
    command.addAll(1, javaOptions);
    return Finished.of(command, settings(key), log("publish"));
  }

  /** Returns where an archive of classes is kept, as the launcher keeps one beside the jar. */
  Path classArchive() {
    return world.folder().resolve(name + ".jsa");
  }

  /** Starts a process that publishes whenever {@link #change} was called. */
  RunningPublisher run() throws IOException {
    return new RunningPublisher(satchel("run", "--listen", name), settings("run"));
  }

  private Map<String, String> settings(String key) {
    Map<String, String> settings = new HashMap<>(world.variables());
    settings.put("SATCHEL_QUERY", profile.query(name));
    settings.put("SATCHEL_KEY", name + "-" + key);
    settings.put("SATCHEL_SCHEDULE", "1d");
    settings.put("SATCHEL_MAX_CHANGED", "off");
    settings.put("SATCHEL_MAX_FIELD_CHANGED", "off");
    return settings;
  }

  private List<String> satchel(String... arguments) {
    List<String> command = new ArrayList<>(Programs.jarCommand(jar, arguments));
    command.add(1, HEAP);
    return command;
  }

  private Path log(String of) {
    return world.folder().resolve(of + ".log");
  }
}
