package dev.satchel.publisher;

import dev.satchel.publisher.http.Revision;
import dev.satchel.publisher.http.Service;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.publisher.kv.KvTraffic;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;

/** What the operator's page sees and does. */
final class OperatorService implements Service {
  private final Publisher publisher;
  private final CloudflareKv kv;
  private final Duration settle;
  private volatile Promise<Void> settling = Promise.promise();

  /**
   * Creates a service that uses the publisher's own client.
   *
   * @param settle how long other publishers wait after a rollback, until KV shows them the hold
   */
  OperatorService(Publisher publisher, CloudflareKv kv, Duration settle) {
    this.publisher = publisher;
    this.kv = kv;
    this.settle = settle;
  }

  @Override
  public Future<List<Revision>> history() {
    return publisher
        .history()
        .list()
        .map(entries -> entries.stream().map(OperatorService::revision).toList());
  }

  private static Revision revision(HistoryEntry entry) {
    SnapshotMetadata metadata = entry.metadata();
    return new Revision(
        metadata.revision(),
        metadata.publishedAt(),
        metadata.users(),
        metadata.bytes(),
        metadata.change() == null ? null : metadata.change().inWords(),
        metadata.host(),
        entry.isInUse(),
        metadata.rolledBackTo() == 0 ? null : "rolled back to " + metadata.rolledBackTo(),
        metadata.hold() == null ? null : metadata.hold().inWords());
  }

  @Override
  public Future<Snapshot> snapshot(long revision) {
    return publisher.history().snapshot(revision);
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
}
