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

  /** Returns the first sound snapshot, or empty if there is none. Blocks. */
  Optional<Found> first() {
    if (copy != null) {
      var kept = copy.newest(pinnedRevision, admission::openCopy);
      if (kept.isPresent()) {
        return Optional.of(
            new Found(kept.get().opened(), kept.get().agreedAt(), "the copy on disk"));
      }
    }
    if (bundle != null) {
      try {
        return Optional.of(new Found(admission.openBundle(bundle.read()), null, bundle.toString()));
      } catch (IOException | RuntimeException e) {
        LOG.warn("cannot use the snapshot bundled as {}: {}", bundle, Failures.inWords(e));
      }
    }
    return Optional.empty();
  }
}
