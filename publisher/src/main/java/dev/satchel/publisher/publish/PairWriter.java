package dev.satchel.publisher.publish;

import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.kv.KvPair;
import dev.satchel.publisher.kv.NamespaceWriter;
import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.store.PairCounts;
import dev.satchel.publisher.text.UserJson;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;

/**
 * Writes the pairs of one snapshot's users and deletes pairs, one batch after another, with one
 * batch in memory at a time. For one run.
 */
final class PairWriter {
  /** Of values: three times as much lies in memory while a batch is sent. */
  private static final long BATCH_BYTES = 8 << 20;

  private final UserPairs pairs;
  private final Snapshot snapshot;
  private final NamespaceWriter writer;
  private final WriteGate gate;
  private final Packer packer;
  private final Progress progress;
  private final UserJson json;
  private long expected;
  private long written;
  private long deleted;
  private long bytes;
  private int requests;

  /**
   * @param packer lends its worker threads
   */
  PairWriter(
      UserPairs pairs,
      Snapshot snapshot,
      NamespaceWriter writer,
      WriteGate gate,
      Packer packer,
      Progress progress) {
    this.pairs = pairs;
    this.snapshot = snapshot;
    this.writer = writer;
    this.gate = gate;
    this.packer = packer;
    this.progress = progress;
    this.json = new UserJson(snapshot);
  }

  /**
   * Writes the pairs of users.
   *
   * @param users their numbers
   * @param count how many there are
   */
  Future<Void> put(PrimitiveIterator.OfInt users, long count) {
    expected += count;
    return Steps.whileThereIsMore(
        () ->
            packer
                .blocking(() -> batch(users))
                .compose(
                    batch ->
                        batch.isEmpty()
                            ? Future.succeededFuture(false)
                            : gate.write(() -> writer.putAll(batch))
                                .map(
                                    done -> {
                                      requests++;
                                      written += batch.size();
                                      progress.wrote(written, expected);
                                      return users.hasNext();
                                    })));
  }

  private List<KvPair> batch(PrimitiveIterator.OfInt users) {
    var batch = new ArrayList<KvPair>();
    long batchBytes = 0;
    while (users.hasNext() && batch.size() < KvLimits.MAX_BULK_PAIRS && batchBytes < BATCH_BYTES) {
      KvPair pair = pairs.of(snapshot, json, users.nextInt());
      batch.add(pair);
      batchBytes += pair.value().length();
    }
    bytes += batchBytes;
    return batch;
  }

  /** Deletes the pairs of users that the snapshot does not have. */
  Future<Void> delete(Iterator<String> keys) {
    return Steps.whileThereIsMore(
        () ->
            packer
                .blocking(() -> keys(keys))
                .compose(
                    batch ->
                        batch.isEmpty()
                            ? Future.succeededFuture(false)
                            : gate.write(() -> writer.deleteAll(batch))
                                .map(
                                    done -> {
                                      deleted += batch.size();
                                      return keys.hasNext();
                                    })));
  }

  private List<String> keys(Iterator<String> keys) {
    var batch = new ArrayList<String>();
    while (keys.hasNext() && batch.size() < KvLimits.MAX_BULK_PAIRS) {
      String key = keys.next();
      if (pairs.user(snapshot, key) == Snapshot.NO_USER) {
        batch.add(key);
      }
    }
    return batch;
  }

  PairCounts counts() {
    return new PairCounts(written, deleted);
  }

  /** Returns the size of all values. */
  long bytes() {
    return bytes;
  }

  /** Returns the number of bulk writes. */
  int requests() {
    return requests;
  }
}
