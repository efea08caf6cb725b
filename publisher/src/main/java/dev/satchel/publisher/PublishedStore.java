package dev.satchel.publisher;

import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.SnapshotFinder.Found;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** The KV namespace in which a command looks something up. Needs no database. */
final class PublishedStore implements AutoCloseable {
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
  static PublishedStore open(Invocation invocation) throws InterruptedException {
    List<String> problems = new ArrayList<>();
    String key = PublisherSettings.key(invocation.env(), problems);
    var seal = Seal.fromEnv(invocation.env(), key, problems);
    var places = Places.fromEnv(invocation.env(), Places.Need.KV, problems);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    var connections = new Connections();
    try {
      CloudflareKv kv = connections.kv(places, Variables.directory(invocation.env()));
      return new PublishedStore(connections, kv, key, seal);
    } catch (RuntimeException | InterruptedException e) {
      connections.close();
      throw e;
    }
  }

  /** Returns the snapshot in use, whoever signed it. */
  Found snapshot() throws InterruptedException {
    return SnapshotFinder.published(kv, key, seal);
  }

  /** Returns the snapshot in use, which must be signed by a trusted key if there are any. */
  Snapshot trustedSnapshot() throws InterruptedException {
    Found found = snapshot();
    if (!found.isTrusted()) {
      throw new RefusedException(
          "expected a signature for key %s by a key of %s but found %s"
              .formatted(
                  key,
                  PublisherSettings.PUBLIC_KEYS,
                  found.snapshot().signedBy() == null
                      ? "none"
                      : "one that names " + found.snapshot().signedBy() + " and does not verify"));
    }
    return found.snapshot();
  }

  String key() {
    return key;
  }

  /** Returns all revisions that are there. */
  History history() {
    return new History(connections.vertx(), new PublishedKey(kv, key), seal);
  }

  @Override
  public void close() {
    connections.close();
  }
}
