package dev.satchel.publisher.http;

import dev.satchel.publisher.kv.KvTraffic;
import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Future;
import java.util.List;

/**
 * What the page asks of the publisher. Safe for any thread; futures fail with one line to show to
 * the operator.
 */
public interface Service {
  /** Newest first, the one in use included; empty if nothing is published. */
  Future<List<HistoryEntry>> history();

  /** The snapshot of a revision, opened. */
  Future<Snapshot> snapshot(long revision);

  /**
   * Publishes an earlier revision again and holds it until {@link #resume}.
   *
   * @param inUse what the operator saw in use; another one fails the call
   * @param why one line; may be empty
   */
  Future<Void> rollback(long revision, long inUse, String why);

  /** Lets the schedule go on. */
  Future<Void> resume();

  /** What the publisher's client has asked of KV so far. */
  KvTraffic traffic();
}
