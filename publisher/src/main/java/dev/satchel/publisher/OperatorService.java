package dev.satchel.publisher;

import dev.satchel.kv.CloudflareKv;
import dev.satchel.kv.KeyPage;
import dev.satchel.kv.KvTraffic;
import dev.satchel.publisher.http.Revision;
import dev.satchel.publisher.http.Service;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator's page sees and does, over the same KV client as the publisher. */
final class OperatorService implements Service {
  private final Vertx vertx;
  private final CloudflareKv kv;
  private final String key;

  OperatorService(Vertx vertx, CloudflareKv kv, String key) {
    this.vertx = vertx;
    this.kv = kv;
    this.key = key;
  }

  @Override
  public Future<List<Revision>> history() {
    return kv.metadata(key)
        .compose(
            json -> {
              long inUse =
                  json.flatMap(SnapshotMetadata::fromJson)
                      .map(SnapshotMetadata::revision)
                      .orElse(0L);
              return pages(null, inUse, new ArrayList<>());
            });
  }

  private Future<List<Revision>> pages(@Nullable String cursor, long inUse, List<Revision> found) {
    return kv.keys(key + "@", cursor)
        .compose(
            page -> {
              for (KeyPage.Key copy : page.keys()) {
                if (copy.metadata() != null) {
                  SnapshotMetadata.fromJson(copy.metadata())
                      .ifPresent(
                          metadata ->
                              found.add(
                                  new Revision(
                                      metadata.revision(),
                                      metadata.publishedAt(),
                                      metadata.users(),
                                      metadata.bytes(),
                                      null,
                                      null,
                                      metadata.revision() == inUse,
                                      null,
                                      null)));
                }
              }
              if (page.cursor() != null) {
                return pages(page.cursor(), inUse, found);
              }
              found.sort(Comparator.comparingLong(Revision::revision).reversed());
              return Future.succeededFuture(found);
            });
  }

  @Override
  public Future<Snapshot> snapshot(long revision) {
    return kv.value(key + "@" + revision)
        .compose(
            value ->
                vertx.executeBlocking(
                    () ->
                        Snapshot.open(
                            value
                                .orElseThrow(
                                    () ->
                                        new RefusedException(
                                            "no revision %d of %s is kept"
                                                .formatted(revision, key)))
                                .getBytes())));
  }

  @Override
  public Future<Void> rollback(long revision, long inUse) {
    return Future.failedFuture(new RefusedException("not yet"));
  }

  @Override
  public Future<Void> resume() {
    return Future.failedFuture(new RefusedException("not yet"));
  }

  @Override
  public KvTraffic traffic() {
    return kv.traffic();
  }
}
