package dev.satchel.sdk;

import dev.satchel.sdk.Admission.Held;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client starts from when its source has no snapshot for it: the copy on disk, or else the
 * bundle.
 */
record Fallbacks(
    Admission admission,
    @Nullable DiskCopy copy,
    @Nullable Bundle bundle,
    @Nullable Long pinnedRevision) {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLog.NAME);

  /**
   * A snapshot that did not come from the source.
   *
   * @param agreedAt when the source last confirmed it as its newest, or null if unknown
   * @param place where it came from, in words
   */
  record Found(Held held, @Nullable Instant agreedAt, String place) {}

  /**
   * Returns the sound snapshot of the highest revision, the copy if both have the same, or empty if
   * there is none. Blocks.
   */
  Optional<Found> first() {
    Optional<Found> kept = copy == null ? Optional.empty() : kept(copy);
    Optional<Found> bundled = bundle == null ? Optional.empty() : bundled(bundle);
    if (kept.isPresent() && bundled.isPresent()) {
      return bundled.get().held.revision() > kept.get().held.revision() ? bundled : kept;
    }
    return kept.isPresent() ? kept : bundled;
  }

  private Optional<Found> kept(DiskCopy from) {
    return from.newest(pinnedRevision, admission::openCopy)
        .map(kept -> new Found(kept.opened(), kept.agreedAt(), "the copy on disk"));
  }

  private Optional<Found> bundled(Bundle from) {
    try {
      return Optional.of(new Found(admission.openBundle(from.read()), null, from.toString()));
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot use the snapshot bundled as {}: {}", from, Failures.inWords(e));
      return Optional.empty();
    }
  }

  /** Warns of a bundle that is not there, before it is needed. Blocks. */
  void checkBundle() {
    if (bundle != null) {
      try {
        bundle.check();
      } catch (IOException | RuntimeException e) {
        LOG.warn("the bundled snapshot, {}, is not there: {}", bundle, Failures.inWords(e));
      }
    }
  }
}
