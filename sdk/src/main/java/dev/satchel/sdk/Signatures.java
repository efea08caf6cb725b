package dev.satchel.sdk;

import dev.satchel.sdk.source.SourceException;
import dev.satchel.snapshot.SnapshotPatch;
import dev.satchel.snapshot.SnapshotSignature;
import dev.satchel.snapshot.VerifyingKey;
import java.util.List;
import java.util.Optional;

/**
 * The keys that may sign snapshots, and the KV key to sign for. Without keys nothing is checked.
 *
 * @param kvKey never the key of a kept copy, which is signed for the key that it was published
 *     under
 */
record Signatures(List<VerifyingKey> keys, String kvKey) {

  /** Returns whether values must be signed. */
  boolean areAsked() {
    return !keys.isEmpty();
  }

  /** Refuses a value before any part of it is opened, unless one of the keys signed it. */
  void check(byte[] value, String place) {
    if (areAsked()) {
      check(SnapshotSignature.of(value), place);
    }
  }

  /** Refuses a patch before it is applied, unless one of the keys signed it. */
  void check(SnapshotPatch patch, String place) {
    if (areAsked()) {
      check(patch.signature(), "the patch to revision " + patch.to() + " under " + place);
    }
  }

  private void check(Optional<SnapshotSignature> signature, String place) {
    if (signature.isEmpty()) {
      throw refusal(place, "none");
    }
    List<VerifyingKey> named =
        keys.stream().filter(key -> key.id().equals(signature.get().keyId())).toList();
    if (named.isEmpty()) {
      throw refusal(place, "one by " + signature.get().keyId());
    }
    if (named.stream().noneMatch(key -> signature.get().isBy(key, kvKey))) {
      throw refusal(place, "one that does not belong to what it stands in");
    }
  }

  private SourceException refusal(String place, String found) {
    return SourceException.neverUsable(
        "expected a signature by %s for key '%s' but found %s in %s"
            .formatted(
                String.join(" or ", keys.stream().map(VerifyingKey::id).toList()),
                kvKey,
                found,
                place));
  }
}
