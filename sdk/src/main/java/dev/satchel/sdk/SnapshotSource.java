package dev.satchel.sdk;

import dev.satchel.kv.KvReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Where a client finds its snapshots: a cheap question (what is published?) and a dear one (the
 * value). Safe for use by any thread. A source may fail, stall or answer nonsense; the client
 * checks all of it.
 */
public interface SnapshotSource {

  /** What is published now, or empty if nothing is. Asked at every poll, so it should be cheap. */
  Future<Optional<Announcement>> announcement();

  /** The whole value that was announced, or empty if it has gone since. */
  Future<Optional<Buffer>> value(Announcement announced);

  /** The address in words, for messages; without secrets. */
  @Override
  String toString();

  /**
   * Called once by the client that was given the source, which wants to be told when there may be
   * something new. A source that does not know leaves it at that: it is asked at every poll anyway.
   *
   * @param changed may be called from any thread, any number of times; returns at once
   * @return closed before the source is; from then on it need not hold {@code changed}
   */
  default Registration whenChanged(Runnable changed) {
    return () -> {};
  }

  /** Frees what the source holds; called once, when the client that was given it closes. */
  default Future<Void> close() {
    return Future.succeededFuture();
  }

  /** The snapshot under {@code key} of a namespace. Closing it leaves {@code kv} open. */
  static SnapshotSource of(KvReader kv, String key) {
    return new KvSource(kv, key, Future::succeededFuture);
  }
}
