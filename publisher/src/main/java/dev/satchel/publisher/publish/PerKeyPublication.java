package dev.satchel.publisher.publish;

import dev.satchel.publisher.kv.NamespaceWriter;
import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.store.PublishedKey;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.stream.IntStream;

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
  private final Packer packer;
  private final PublishedKey key;
  private final NamespaceWriter writer;
  private final PublisherSettings settings;
  private final WriteGate gate;
  private final InstantSource clock;
  private final Progress progress;

  PerKeyPublication(
      Packer packer,
      PublishedKey key,
      NamespaceWriter writer,
      PublisherSettings settings,
      WriteGate gate,
      InstantSource clock,
      Progress progress) {
    this.packer = packer;
    this.key = key;
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
              var pairs = new UserPairs(settings.key(), settings.keyPrefix());
              pairs.checkKeys(packed.snapshot());
              if (!settings.guards().acceptChange()) {
                settings.guards().checkUsers(packed.snapshot());
              }
              return times
                  .time("put", () -> put(pairs, packed.snapshot()))
                  .map(written -> outcome(packed.snapshot(), written, times));
            });
  }

  private Future<PairWriter> put(UserPairs pairs, Snapshot snapshot) {
    var batches = new PairWriter(pairs, snapshot, writer, gate, packer, progress);
    int users = snapshot.users();
    // first, for the pairs do not follow any snapshot from now on
    return gate.write(() -> writer.delete(key.pairsKey()))
        .compose(done -> batches.put(IntStream.range(0, users).iterator(), users))
        .map(batches);
  }

  private static PerKeyOutcome outcome(Snapshot snapshot, PairWriter written, StageTimes times) {
    return new PerKeyOutcome(
        snapshot.contentHash(),
        snapshot.users(),
        written.bytes(),
        written.requests(),
        snapshot.publishedAt(),
        times);
  }
}
