package dev.satchel.publisher.wiring;

import dev.satchel.publisher.http.Service;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.publisher.kv.KvTraffic;
import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.publisher.store.UserHistory;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What the operator's page sees and does. */
final class OperatorService implements Service {
  private final Assembly publisher;
  private final CloudflareKv kv;
  private final Duration settle;
  private volatile Promise<Void> settling = Promise.promise();

  /**
   * Creates a service that uses the publisher's own client.
   *
   * @param settle how long other publishers wait after a rollback, until KV shows them the hold
   */
  OperatorService(Assembly publisher, CloudflareKv kv, Duration settle) {
    this.publisher = publisher;
    this.kv = kv;
    this.settle = settle;
  }

  @Override
  public Future<List<HistoryEntry>> history() {
    return publisher.history().list();
  }

  @Override
  public Future<Snapshot> snapshot(long revision) {
    return publisher.history().snapshot(revision);
  }

  @Override
  public Future<Void> look(UserHistory user, HistoryEntry entry) {
    return publisher.history().look(user, entry);
  }

  @Override
  public Future<Void> rollback(long revision, long inUse, String why) {
    Promise<Void> written = Promise.promise();
    publisher
        .rollback(
            revision,
            why,
            inUse,
            outcome -> {
              written.complete();
              Promise<Void> settled = Promise.promise();
              settling = settled;
              if (settle.isZero()) {
                settled.complete();
              } else {
                publisher.pause(settle).onComplete(later -> settled.tryComplete());
              }
              return settled.future();
            })
        .onFailure(written::tryFail);
    return written.future();
  }

  @Override
  public Future<Void> resume() {
    settling.tryComplete(); // after a resume there is no hold that others should see
    return publisher.resume().mapEmpty();
  }

  @Override
  public KvTraffic traffic() {
    return kv.traffic();
  }

  @Override
  public void followRequests(Consumer<Duration> follower) {
    kv.followRequests(follower);
  }
}
