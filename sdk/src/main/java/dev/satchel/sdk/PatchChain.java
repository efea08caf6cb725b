package dev.satchel.sdk;

import dev.satchel.kv.Digests;
import dev.satchel.sdk.Admission.Held;
import dev.satchel.sdk.source.AnnouncedPatch;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SourceException;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import dev.satchel.snapshot.SnapshotPatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the announced snapshot from the one held, by the patches between them. Follows them back
 * from the announced one, since each names the one before. Whatever is wrong with a patch costs
 * only the fetch of the value: it is told once, and told again only after patches have worked in
 * between. Confined to the refresh thread.
 */
final class PatchChain {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLog.NAME);

  /** The most patches to follow; each is a request. */
  private static final int MOST_PATCHES = 16;

  /** Patches may have together at most the value's bytes divided by this. */
  private static final int MOST_SHARE = 4;

  private final String source;
  private final Admission admission;
  private final Fetch fetch;
  private boolean isToldOfProblem;

  PatchChain(String source, Admission admission, Fetch fetch) {
    this.source = source;
    this.admission = admission;
    this.fetch = fetch;
  }

  /** Fetches a patch. */
  interface Fetch {
    /** Returns whether there may be one more request. */
    boolean mayFetch();

    /** Returns whether the client is closed, so that nothing is worth telling. */
    boolean isClosed();

    Optional<byte[]> patch(long revision, AnnouncedPatch patch) throws InterruptedException;
  }

  /** A snapshot made by patches, and how many bytes these have. */
  record Patched(Held held, long bytes) {}

  /** Returns the announced snapshot, or empty if it cannot be reached by patches. */
  Optional<Patched> follow(Announcement announced, Held held) throws InterruptedException {
    Snapshot snapshot = held.view().snapshot();
    AnnouncedPatch first = announced.patch();
    if (snapshot == null || first == null || announced.sha256() == null) {
      return Optional.empty();
    }
    try {
      Deque<SnapshotPatch> patches = fetch(announced, first, held.revision());
      if (patches.isEmpty()) {
        return Optional.empty();
      }
      long bytes = 0;
      for (SnapshotPatch patch : patches) {
        bytes += patch.bytes();
        admission.check(patch);
        snapshot = patch.applyTo(snapshot);
      }
      var patched = new Patched(admission.openPatched(announced, snapshot, held), bytes);
      isToldOfProblem = false;
      return Optional.of(patched);
    } catch (SnapshotFormatException e) {
      tell(String.valueOf(e.getMessage()));
    } catch (SourceException e) {
      if (e.isTooOften()) {
        throw e;
      }
      tell(String.valueOf(e.getMessage()));
    } catch (RuntimeException | LinkageError e) {
      tell(Failures.inWords(e));
    }
    return Optional.empty();
  }

  /** Returns the patches in the order in which to apply them; none if they do not meet. */
  private Deque<SnapshotPatch> fetch(
      Announcement announced, AnnouncedPatch first, long heldRevision) throws InterruptedException {
    Deque<SnapshotPatch> patches = new ArrayDeque<>();
    AnnouncedPatch next = first;
    long revision = announced.revision();
    long bytesLeft = announced.bytes() / MOST_SHARE;
    while (next != null && next.from() >= heldRevision) {
      bytesLeft -= next.bytes();
      if (bytesLeft < 0 || patches.size() == MOST_PATCHES || !fetch.mayFetch()) {
        break;
      }
      SnapshotPatch patch = checked(revision, next, fetch.patch(revision, next));
      if (patches.isEmpty() && !patch.valueSha256().equals(announced.sha256())) {
        throw SourceException.passing(
            "expected a patch to the value with sha256 %s but found one to %s under %s"
                .formatted(announced.sha256(), patch.valueSha256(), source));
      }
      patches.addFirst(patch);
      if (patch.from() == heldRevision) {
        return patches;
      }
      revision = patch.from();
      next = patch.earlier().map(PatchChain::announced).orElse(null);
    }
    patches.clear();
    return patches;
  }

  private static AnnouncedPatch announced(SnapshotPatch.Link link) {
    return new AnnouncedPatch(link.from(), link.bytes(), link.sha256());
  }

  private SnapshotPatch checked(long revision, AnnouncedPatch expected, Optional<byte[]> found) {
    byte[] bytes =
        found.orElseThrow(
            () ->
                SourceException.passing(
                    "expected a patch to revision %d under %s but found none"
                        .formatted(revision, source)));
    String sha256 = bytes.length == expected.bytes() ? Digests.sha256(bytes) : "another";
    if (!sha256.equals(expected.sha256())) {
      throw SourceException.passing(
          "expected a patch to revision %d of %d bytes with sha256 %s under %s but found %d bytes with %s"
              .formatted(
                  revision, expected.bytes(), expected.sha256(), source, bytes.length, sha256));
    }
    SnapshotPatch patch = SnapshotPatch.of(bytes);
    if (patch.to() != revision || patch.from() != expected.from()) {
      throw SourceException.passing(
          "expected a patch from revision %d to %d under %s but found one from %d to %d"
              .formatted(expected.from(), revision, source, patch.from(), patch.to()));
    }
    return patch;
  }

  private void tell(@Nullable String problem) {
    if (isToldOfProblem || fetch.isClosed()) {
      LOG.debug("{}: no patch, fetching the value: {}", source, problem);
    } else {
      isToldOfProblem = true;
      LOG.warn("{}: no patch, fetching the value: {}", source, problem);
    }
  }
}
