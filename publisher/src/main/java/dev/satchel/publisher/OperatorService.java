package dev.satchel.publisher;

import dev.satchel.kv.CloudflareKv;
import dev.satchel.kv.KvTraffic;
import dev.satchel.publisher.http.Revision;
import dev.satchel.publisher.http.Service;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Future;
import java.util.List;

/** What the operator's page sees and does. */
record OperatorService(Publisher publisher, CloudflareKv kv) implements Service {

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
    return publisher.rollback(revision, why, inUse).mapEmpty();
  }

  @Override
  public Future<Void> resume() {
    return publisher.resume().mapEmpty();
  }

  @Override
  public KvTraffic traffic() {
    return kv.traffic();
  }
}
