package dev.satchel.publisher.publish;

import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.kv.KvPair;
import dev.satchel.publisher.kv.NamespaceWriter;
import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.text.UserJson;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Publishes every user to KV as a pair of its own: the user id is the key, the fields as JSON are
 * the value. Every publication writes every user, and each write is billed. Nothing is compared
 * with what is there, removed users keep their pairs, and a failure leaves some users new and the
 * rest old.
 */
final class PerKeyPublication implements Publication {
  /*
   * The users are packed into a snapshot first, though no snapshot is written: it finds duplicate
   * ids, holds a million users in a few tens of megabytes, and releases the database before the
   * first of possibly many slow writes.
   */
  private static final long BATCH_BYTES =
      16 << 20; // of values; well under the limit of 100 MB for a request

  private final Packer packer;
  private final NamespaceWriter writer;
  private final PublisherSettings settings;
  private final WriteGate gate;
  private final InstantSource clock;
  private final Progress progress;

  PerKeyPublication(
      Packer packer,
      NamespaceWriter writer,
      PublisherSettings settings,
      WriteGate gate,
      InstantSource clock,
      Progress progress) {
    this.packer = packer;
    this.writer = writer;
    this.settings = settings;
    this.gate = gate;
    this.clock = clock;
    this.progress = progress;
  }

  @Override
  public Future<PerKeyOutcome> publish() {
    var times = new StageTimes(progress);
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return packer
        .pack(now.toEpochMilli(), now, 0, settings.guards().acceptChange(), times)
        .compose(
            packed -> {
              var batches = new Batches(packed.snapshot());
              batches.checkKeys();
              if (!settings.guards().acceptChange()) {
                settings.guards().checkUsers(packed.snapshot());
              }
              return times
                  .time("put", batches::putRest)
                  .map(done -> batches.outcome(packed.snapshot(), times));
            });
  }

  /** Walks through the users of one snapshot, with one batch in memory at a time. */
  private final class Batches {
    private final Snapshot snapshot;
    private final UserJson json;
    private int next;
    private int requests;
    private long bytes;

    Batches(Snapshot snapshot) {
      this.snapshot = snapshot;
      this.json = new UserJson(snapshot);
    }

    void checkKeys() {
      for (int user = 0; user < snapshot.users(); user++) {
        String key = key(user);
        try {
          KvLimits.checkKey(key);
        } catch (IllegalArgumentException e) {
          throw new RefusedException(
              "%s, of user id %s".formatted(e.getMessage(), snapshot.id(user)));
        }
        if (key.equals(settings.key())) {
          throw new RefusedException(
              "expected user ids that differ from the key of the snapshot but found %s"
                  .formatted(key));
        }
      }
    }

    Future<Void> putRest() {
      if (next == snapshot.users()) {
        return Future.succeededFuture();
      }
      List<KvPair> batch = nextBatch();
      requests++;
      return gate.write(() -> writer.putAll(batch)).compose(done -> putRest());
    }

    private List<KvPair> nextBatch() {
      var batch = new ArrayList<KvPair>();
      long batchBytes = 0;
      while (next < snapshot.users()
          && batch.size() < KvLimits.MAX_BULK_PAIRS
          && batchBytes < BATCH_BYTES) {
        byte[] value = json.bytes(next);
        batch.add(new KvPair(key(next), Buffer.buffer(value)));
        batchBytes += value.length;
        next++;
      }
      bytes += batchBytes;
      return batch;
    }

    private String key(int user) {
      return settings.keyPrefix() + snapshot.id(user);
    }

    PerKeyOutcome outcome(Snapshot snapshot, StageTimes times) {
      return new PerKeyOutcome(
          snapshot.contentHash(), snapshot.users(), bytes, requests, snapshot.publishedAt(), times);
    }
  }
}
