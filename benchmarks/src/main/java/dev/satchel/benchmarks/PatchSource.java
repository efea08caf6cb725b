package dev.satchel.benchmarks;

import dev.satchel.kv.Digests;
import dev.satchel.sdk.source.AnnouncedPatch;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.snapshot.Snapshot;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A source in memory that hands out its value, or a patch to it. Safe for any thread. */
final class PatchSource implements SnapshotSource {
  private final AtomicInteger valuesTaken = new AtomicInteger();
  private volatile Published published;

  PatchSource(byte[] value) {
    this.published = Published.of(value, null, null);
  }

  /**
   * Replaces the value.
   *
   * @param patch from the value before, or null if readers are to fetch the value
   */
  void publish(byte[] value, byte @Nullable [] patch) {
    AnnouncedPatch announced =
        patch == null
            ? null
            : new AnnouncedPatch(
                published.announcement.revision(), patch.length, Digests.sha256(patch));
    published = Published.of(value, patch, announced);
  }

  /** Returns how often the whole value was fetched. */
  int valuesTaken() {
    return valuesTaken.get();
  }

  @Override
  public Optional<Announcement> announcement() {
    return Optional.of(published.announcement);
  }

  @Override
  public Optional<byte[]> value(Announcement asked) {
    valuesTaken.incrementAndGet();
    return Optional.of(published.value.clone());
  }

  @Override
  public Optional<byte[]> patch(long to, AnnouncedPatch asked) {
    return Optional.ofNullable(published.patch).map(byte[]::clone);
  }

  @Override
  public String toString() {
    return "a value in memory";
  }

  @SuppressWarnings("ArrayRecordComponent") // made once, never compared
  private record Published(byte[] value, byte @Nullable [] patch, Announcement announcement) {
    static Published of(
        byte[] value, byte @Nullable [] patch, @Nullable AnnouncedPatch announcedPatch) {
      String sha256 = Digests.sha256(value);
      long revision = Snapshot.open(value).revision();
      return new Published(
          value, patch, new Announcement(sha256, revision, sha256, value.length, announcedPatch));
    }
  }
}
