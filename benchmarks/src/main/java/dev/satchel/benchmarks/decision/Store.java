package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.satchel.benchmarks.Values;
import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.Digests;
import dev.satchel.kv.PublishedPatch;
import dev.satchel.kv.PublishedValue;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.publisher.kv.KvPair;
import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotPatch;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The store under measurement, in a {@link StoreProcess}: typical users in both layouts. A user's
 * pair has the user id as its key and JSON as its value; the snapshot of the first n users lies
 * under {@code snapshot-n}. Confined to one thread.
 */
final class Store implements AutoCloseable {
  static final Profile PROFILE = Profile.TYPICAL;
  private static final int BATCH_PAIRS = 10_000;
  private static final int HEAP_MIB = 4_096;
  private static final Duration PATCH_LIFETIME = Duration.ofDays(1);

  private final Child process;
  private final String baseUrl;
  private final String database;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
  private final CloudflareKv kv;
  private final Set<Integer> snapshots = new HashSet<>();
  private int pairs;
  private long lastRevision = 1;

  private Store(Child process) throws IOException {
    this.process = process;
    JsonNode places = process.answer();
    baseUrl = places.get("baseUrl").asText();
    database = places.path("database").asText();
    kv = CloudflareKv.create(vertx, CloudflareSettings.fromEnv(variables()));
  }

  /** Starts the store over an empty directory. */
  static Store start(Path directory, boolean hasDatabase) throws IOException {
    List<String> command =
        hasDatabase
            ? Programs.mainWithDatabase(
                HEAP_MIB, StoreProcess.class, directory.toString(), "database")
            : Programs.main(HEAP_MIB, StoreProcess.class, directory.toString());
    return new Store(Child.start(command, Map.of()));
  }

  static String key(int users) {
    return "snapshot-" + users;
  }

  /** Returns the variables that lead a client to the store. */
  Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>();
    variables.put("CLOUDFLARE_API_BASE_URL", baseUrl);
    variables.put("CLOUDFLARE_API_TOKEN", "any");
    variables.put("CLOUDFLARE_ACCOUNT_ID", "local");
    variables.put("CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", StoreProcess.NAMESPACE);
    if (!database.isEmpty()) {
      variables.put("DATABASE_CONNECTION_STRING", database);
    }
    return variables;
  }

  CloudflareKv kv() {
    return kv;
  }

  /** Returns what the server has received and sent so far. */
  JsonNode traffic() throws IOException {
    return process.ask("traffic");
  }

  /** Makes each read of a value take this much longer from now on. */
  void delayReads(int millis) throws IOException {
    process.ask("delay " + millis);
  }

  /** Runs a statement in the database. */
  void sql(String statement) throws IOException {
    process.ask("sql " + statement);
  }

  /** Records that the first {@code users} users exist as pairs. */
  void hasPairs(int users) {
    pairs = Math.max(pairs, users);
  }

  /** Makes sure that each of the first {@code users} users has a pair. */
  void ensurePairs(int users) {
    if (pairs >= users) {
      return;
    }
    List<String> names = PROFILE.fields();
    List<KvPair> batch = new ArrayList<>();
    SyntheticUsers.forEach(
        users,
        PROFILE,
        (id, values) -> {
          JsonObject user = new JsonObject();
          for (int i = 0; i < values.length; i++) {
            user.put(names.get(i), values[i]);
          }
          batch.add(new KvPair(id.toString(), user.toBuffer()));
          if (batch.size() == BATCH_PAIRS) {
            StoreProcess.await(kv.putAll(batch));
            batch.clear();
          }
        });
    if (!batch.isEmpty()) {
      StoreProcess.await(kv.putAll(batch));
    }
    hasPairs(users);
  }

  /** Makes sure that the first {@code users} users exist as a snapshot. */
  void ensureSnapshot(int users) {
    if (snapshots.add(users)) {
      putSnapshot(users, Values.rows(PROFILE, users).encode(nextRevision(), Values.PUBLISHED_AT));
    }
  }

  /** Returns a revision larger than all that it returned before. */
  long nextRevision() {
    return ++lastRevision;
  }

  /** Writes a snapshot without a patch to it. */
  void putSnapshot(int users, byte[] value) {
    putSnapshot(users, value, null);
  }

  /**
   * Writes a snapshot as the publisher does, without the copy for the history.
   *
   * @param patch from the revision before, if there is one
   */
  void putSnapshot(int users, byte[] value, byte @Nullable [] patch) {
    snapshots.add(users);
    Snapshot snapshot = Snapshot.open(value);
    JsonObject metadata =
        new JsonObject()
            .put(PublishedValue.REVISION, snapshot.revision())
            .put("contentHash", snapshot.contentHash())
            .put(PublishedValue.SHA256, Digests.sha256(value))
            .put("users", snapshot.users())
            .put(PublishedValue.BYTES, value.length)
            .put("publishedAt", snapshot.publishedAt().toString())
            .put("formatVersion", snapshot.formatVersion());
    if (patch != null) {
      SnapshotPatch link = SnapshotPatch.of(patch);
      PublishedPatch named = new PublishedPatch(link.from(), patch.length, Digests.sha256(patch));
      metadata.put(PublishedPatch.PATCH, new JsonObject(named.toMap()));
      String patchKey = PublishedPatch.key(key(users), link.to());
      StoreProcess.await(kv.put(patchKey, Buffer.buffer(patch), new JsonObject(), PATCH_LIFETIME));
    }
    StoreProcess.await(kv.put(key(users), Buffer.buffer(value), metadata, null));
  }

  @Override
  public void close() throws IOException {
    kv.close().eventually(vertx::close);
    process.close();
  }
}
