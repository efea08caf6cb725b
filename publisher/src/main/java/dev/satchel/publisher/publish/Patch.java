package dev.satchel.publisher.publish;

import dev.satchel.kv.Digests;
import dev.satchel.kv.PublishedPatch;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotDiff;
import dev.satchel.snapshot.SnapshotPatch;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of the snapshot before fetches instead of the new value.
 *
 * @param bytes the patch; must not be changed
 * @param named how the metadata of the value names them
 */
@SuppressWarnings("ArrayRecordComponent") // made once, never compared
record Patch(byte[] bytes, PublishedPatch named) {
  /**
   * A patch of more than the value's bytes divided by this takes longer to make than it saves a
   * reader.
   */
  private static final int MOST_SHARE = 8;

  /**
   * Returns the patch from the snapshot in use; empty if that is not the one that was shown, or if
   * so much differs that a patch does not pay. Works on the caller's thread, for as long as a
   * comparison.
   *
   * @param shown the metadata under the key
   * @param next the metadata of the new snapshot
   * @param seal signs the patch, if it has a key
   */
  static Optional<Patch> of(
      Optional<SnapshotDiff> change,
      Optional<SnapshotMetadata> shown,
      SnapshotMetadata next,
      Seal seal) {
    if (change.isEmpty() || shown.isEmpty()) {
      return Optional.empty();
    }
    Snapshot before = change.get().before();
    if (before.revision() != shown.get().revision()
        || !before.contentHash().equals(shown.get().contentHash())) {
      return Optional.empty();
    }
    return SnapshotPatch.between(
            before,
            change.get().after(),
            next.sha256(),
            link(shown.get().patch()),
            (int) (next.bytes() / MOST_SHARE))
        .map(seal::onPatch)
        .map(
            bytes ->
                new Patch(
                    bytes,
                    new PublishedPatch(before.revision(), bytes.length, Digests.sha256(bytes))));
  }

  private static SnapshotPatch.@Nullable Link link(@Nullable PublishedPatch patch) {
    return patch == null
        ? null
        : new SnapshotPatch.Link(patch.from(), patch.bytes(), patch.sha256());
  }

  /** Returns what KV stores with the patch, for a person who looks at it. */
  JsonObject metadata(long to) {
    return new JsonObject(named.toMap()).put("to", to);
  }
}
