package dev.satchel.sdk.source;

import dev.satchel.kv.KvReader;
import java.util.Optional;

/**
 * Where a client finds its snapshots. A source answers a cheap question (what is published?) and an
 * expensive one (the value). It may fail, stall or answer nonsense: the client checks everything.
 *
 * <p>Calls block. A client makes one call at a time, on a thread of its own, and interrupts it at
 * the client's call timeout or when the client closes. A source whose call then ends soon is asked
 * again at the next poll. Any exception is a failure; a {@link SourceException} says more about it.
 */
public interface SnapshotSource {

  /**
   * Returns what is published now, or empty if nothing is. Called at every poll, so it should be
   * cheap.
   *
   * @throws Exception of any kind, if that is not known
   */
  Optional<Announcement> announcement() throws Exception;

  /**
   * Returns the whole value that was announced, or empty if it is gone. The client may keep the
   * array.
   *
   * @throws Exception of any kind, if the value is not available
   */
  Optional<byte[]> value(Announcement announced) throws Exception;

  /**
   * Returns the patch to a revision, or empty if it is gone. Called only for patches that the
   * announcement names, and for those before them. The client may keep the array.
   *
   * @throws Exception of any kind, if the patch is not available; the client then asks for the
   *     value
   */
  default Optional<byte[]> patch(long revision, AnnouncedPatch patch) throws Exception {
    return Optional.empty();
  }

  /** Returns the address in words without secrets, for messages. */
  @Override
  String toString();

  /**
   * Returns a text without secrets that differs from those of all sources with other snapshots, so
   * that a copy on disk is never taken for another source's. By default it is the address in words.
   */
  default String identity() {
    return toString();
  }

  /**
   * Registers the client that was given the source, which wants to know when there may be something
   * new; called once. A source that cannot tell may ignore it: it is asked at every poll anyway.
   *
   * @param changed may be called from any thread, any number of times; returns at once
   * @return the watch, which the client closes before the source; from then on the source need not
   *     hold {@code changed}
   */
  default Watch whenChanged(Runnable changed) {
    return () -> {};
  }

  /** A client's registration for changes, until it is closed. */
  interface Watch extends AutoCloseable {
    /** Ends the registration. Idempotent. */
    @Override
    void close();

    /** Returns whether changes are told as they come now, rather than found by the next poll. */
    default boolean isTelling() {
      return false;
    }
  }

  /** Frees what the source holds. Called once, when the client that was given the source closes. */
  default void close() {}

  /**
   * Returns a source for the snapshot under {@code key} of a namespace. Closing it leaves {@code
   * kv} open.
   */
  static SnapshotSource of(KvReader kv, String key) {
    return new KvSource(kv, key, "a namespace of the application's", () -> {});
  }

  /**
   * Returns a source for the snapshot under {@code key} of a namespace. Closing it closes {@code
   * kv}.
   *
   * @param namespace a text without secrets that differs for every namespace
   */
  static SnapshotSource of(KvReader kv, String key, String namespace) {
    return new KvSource(kv, key, namespace, kv::close);
  }
}
