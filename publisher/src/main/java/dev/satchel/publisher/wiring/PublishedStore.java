package dev.satchel.publisher.wiring;

import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.store.History;
import dev.satchel.publisher.store.PublishedKey;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.wiring.SnapshotFinder.Found;
import dev.satchel.snapshot.NativeLibrary;
import dev.satchel.snapshot.Snapshot;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The KV namespace in which a command looks something up. Needs no database. */
public final class PublishedStore implements AutoCloseable {
  private final Connections connections;
  private final CloudflareKv kv;
  private final String key;
  private final Seal seal;

  private PublishedStore(Connections connections, CloudflareKv kv, String key, Seal seal) {
    this.connections = connections;
    this.kv = kv;
    this.key = key;
    this.seal = seal;
  }

  /**
   * Opens what the variables name.
   *
   * @throws SettingsException with all that is wrong with them, before anything was opened
   */
  public static PublishedStore open(Map<String, String> env) throws InterruptedException {
    List<String> problems = new ArrayList<>();
    String key = PublisherSettings.KEY.read(env, problems);
    var seal = Seal.fromEnv(env, key, problems);
    var endpoints = Endpoints.fromEnv(env, Endpoints.Need.KV, problems);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    NativeLibrary.load(); // before anything is read, rather than after all of it
    var connections = new Connections();
    try {
      CloudflareKv kv = connections.kv(endpoints, Endpoints.directory(env));
      return new PublishedStore(connections, kv, key, seal);
    } catch (RuntimeException | InterruptedException e) {
      connections.close();
      throw e;
    }
  }

  /** Returns the snapshot in use, without looking at its signature. */
  public Found snapshot() throws InterruptedException {
    return SnapshotFinder.published(kv, key, seal);
  }

  /** Returns the snapshot in use, which must be signed by a trusted key if there are any. */
  public Snapshot trustedSnapshot() throws InterruptedException {
    Found found = snapshot();
    if (!found.isTrusted()) {
      throw new RefusedException(
          "expected a signature for key %s by a key of %s but found %s"
              .formatted(
                  key,
                  Seal.PUBLIC_KEYS,
                  found.snapshot().signedBy() == null
                      ? "none"
                      : "one that names " + found.snapshot().signedBy() + " and does not verify"));
    }
    return found.snapshot();
  }

  public String key() {
    return key;
  }

  /** Returns all revisions that are there. */
  public History history() {
    return new History(
        connections.vertx(), new PublishedKey(kv, key, InstantSource.system()), seal);
  }

  @Override
  public void close() {
    connections.close();
  }
}
