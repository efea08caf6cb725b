package dev.satchel.sdk.source;

import dev.satchel.kv.Digests;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot in memory, for tests and for applications that get their values from elsewhere.
 * Clients see a new value at once. Safe for any thread; several clients may share one.
 */
public final class MemorySource implements SnapshotSource {
  private final List<Runnable> clients = new CopyOnWriteArrayList<>();
  private volatile @Nullable Published published;
  private volatile @Nullable RuntimeException failure;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Published(Announcement announcement, byte[] value) {}

  private MemorySource() {}

  /** Returns a source with nothing in it. */
  public static MemorySource empty() {
    return new MemorySource();
  }

  /** Returns a source with this value in it. */
  public static MemorySource of(byte[] value) {
    var source = new MemorySource();
    source.put(value);
    return source;
  }

  /** Publishes a copy of a value. The clients check it, not this source. */
  public void put(byte[] value) {
    String sha256 = Digests.sha256(value);
    published =
        new Published(
            new Announcement(sha256, Announcement.UNKNOWN, sha256, value.length), value.clone());
    clients.forEach(Runnable::run);
  }

  /** Removes the published value. */
  public void remove() {
    published = null;
    clients.forEach(Runnable::run);
  }

  /** Fails every call with this reason from now on, until {@link #heal}. */
  public void fail(RuntimeException reason) {
    failure = reason;
    clients.forEach(Runnable::run);
  }

  /** Answers again. */
  public void heal() {
    failure = null;
    clients.forEach(Runnable::run);
  }

  @Override
  public Optional<Announcement> announcement() {
    return answer(Optional.ofNullable(published).map(Published::announcement));
  }

  @Override
  public Optional<byte[]> value(Announcement announced) {
    return answer(
        Optional.ofNullable(published)
            .filter(found -> found.announcement.tag().equals(announced.tag()))
            .map(found -> found.value.clone()));
  }

  private <T> T answer(T found) {
    RuntimeException reason = failure;
    if (reason != null) {
      throw reason;
    }
    return found;
  }

  @Override
  public Watch whenChanged(Runnable changed) {
    clients.add(changed);
    return new Telling(() -> clients.remove(changed));
  }

  /** Returns how many open clients are told of changes. */
  int clients() {
    return clients.size();
  }

  @Override
  public String toString() {
    return "memory";
  }
}
