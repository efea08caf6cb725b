package dev.satchel.sdk.source;

import dev.satchel.kv.KvReader;
import java.util.Optional;

/**
 * Where a client finds its snapshots: a cheap question (what is published?) and a dear one (the
 * value). A source may fail, stall or answer nonsense; the client checks all of it.
 *
 * <p>Calls block. A client makes one at a time, on a thread of its own, and interrupts it when it
 * takes longer than the client's call timeout or when the client closes: a source that then ends
 * soon is asked again at the next poll. A failure is any exception; a {@link SourceException} says
 * more of it.
 */
public interface SnapshotSource {

  /**
   * What is published now, or empty if nothing is. Asked at every poll, so it should be cheap.
   *
   * @throws Exception of any kind, if that cannot be told
   */
  Optional<Announcement> announcement() throws Exception;

  /**
   * The whole value that was announced, or empty if it has gone since. The array is the client's.
   *
   * @throws Exception of any kind, if it cannot be had
   */
  Optional<byte[]> value(Announcement announced) throws Exception;

  /** The address in words, for messages; without secrets. */
  @Override
  String toString();

  /**
   * Tells this source from all others that hold other snapshots, so that a copy on disk of one is
   * never taken for that of another; without secrets. By default the address in words.
   */
  default String identity() {
    return toString();
  }

  /**
   * Called once by the client that was given the source, which wants to be told when there may be
   * something new. A source that does not know leaves it at that: it is asked at every poll anyway.
   *
   * @param changed may be called from any thread, any number of times; returns at once
   * @return closed before the source is; from then on it need not hold {@code changed}
   */
  default Watch whenChanged(Runnable changed) {
    return () -> {};
  }

  /** A client's wish to be told, until it is closed. */
  interface Watch extends AutoCloseable {
    /** Ends it. Idempotent. */
    @Override
    void close();
  }

  /** Frees what the source holds; called once, when the client that was given it closes. */
  default void close() {}

  /** The snapshot under {@code key} of a namespace. Closing it leaves {@code kv} open. */
  static SnapshotSource of(KvReader kv, String key) {
    return new KvSource(kv, key, "key '" + key + "'", () -> {});
  }

  /**
   * The snapshot under {@code key} of a namespace, whose reader is closed with the source.
   *
   * @param namespace tells it from all others, without secrets
   */
  static SnapshotSource of(KvReader kv, String key, String namespace) {
    return new KvSource(kv, key, namespace + "/" + key, kv::close);
  }
}
