package dev.satchel.publisher;

import dev.satchel.kv.CloudflareKv;
import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.SnapshotFinder.Found;
import java.util.ArrayList;
import java.util.List;

/** The KV namespace in which somebody looks something up. Needs no database. */
final class PublishedStore implements AutoCloseable {
  private final Connections connections;
  private final CloudflareKv kv;
  private final String key;

  private PublishedStore(Connections connections, CloudflareKv kv, String key) {
    this.connections = connections;
    this.kv = kv;
    this.key = key;
  }

  /**
   * Opens what the variables name.
   *
   * @throws SettingsException with all that is wrong with them, before anything was opened
   */
  static PublishedStore open(Invocation invocation) throws InterruptedException {
    List<String> problems = new ArrayList<>();
    String key = PublisherSettings.key(invocation.env(), problems);
    var places = Places.fromEnv(invocation.env(), Places.Need.KV, problems);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    var connections = new Connections();
    try {
      CloudflareKv kv = connections.kv(places, Variables.directory(invocation.env()));
      return new PublishedStore(connections, kv, key);
    } catch (RuntimeException | InterruptedException e) {
      connections.close();
      throw e;
    }
  }

  /** The snapshot in use. */
  Found snapshot() throws InterruptedException {
    return SnapshotFinder.published(kv, key);
  }

  String key() {
    return key;
  }

  /** All revisions that are there. */
  History history() {
    return new History(connections.vertx(), new PublishedKey(kv, key));
  }

  @Override
  public void close() {
    connections.close();
  }
}
