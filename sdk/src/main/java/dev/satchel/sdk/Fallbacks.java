package dev.satchel.sdk;

import dev.satchel.sdk.Admission.Held;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client starts from when its source has nothing for it: the copy on disk, or else what was
 * bundled.
 */
record Fallbacks(
    Admission admission,
    @Nullable DiskCopy copy,
    @Nullable Bundle bundle,
    @Nullable Long pinnedRevision) {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLog.NAME);

  /**
   * A snapshot from elsewhere than the source.
   *
   * @param agreedAt when the source is known to have agreed that it is the newest, or null
   * @param place in words
   */
  record Found(Held held, @Nullable Instant agreedAt, String place) {}

  /** The first that is sound, or empty if none is. Blocks. */
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
