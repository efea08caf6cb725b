package dev.satchel.publisher.http;

import dev.satchel.publisher.kv.KvTraffic;
import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.publisher.store.UserHistory;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the page needs from the publisher. Safe for any thread; futures fail with one line to show
 * to the operator.
 */
public interface Service {
  /** Lists the revisions, newest first, including the one in use; empty if nothing is published. */
  Future<List<HistoryEntry>> history();

  /** Opens the snapshot of a revision. */
  Future<Snapshot> snapshot(long revision);

  /**
   * Looks for a user in the next revision.
   *
   * @param user has looked at the revisions before this one, and is not used until the end
   */
  Future<Void> look(UserHistory user, HistoryEntry entry);

  /**
   * Publishes an earlier revision again and holds it until {@link #resume}.
   *
   * @param inUse the revision that the operator saw in use; any other fails the call
   * @param why one line; may be empty
   */
  Future<Void> rollback(long revision, long inUse, String why);

  /** Ends the hold, so that the schedule goes on. */
  Future<Void> resume();

  /** Returns the requests that the publisher's client has sent to KV so far. */
  KvTraffic traffic();

  /** Calls the follower with the time that each request to KV takes from now on, on any thread. */
  void followRequests(Consumer<Duration> follower);
}
