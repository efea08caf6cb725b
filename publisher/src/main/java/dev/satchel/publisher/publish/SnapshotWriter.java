package dev.satchel.publisher.publish;

import dev.satchel.kv.Digests;
import dev.satchel.publisher.kv.NamespaceWriter;
import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.publish.Packer.Packed;
import dev.satchel.publisher.store.Evidence;
import dev.satchel.publisher.store.HeldException;
import dev.satchel.publisher.store.Hold;
import dev.satchel.publisher.store.PairCounts;
import dev.satchel.publisher.store.PublishedKey;
import dev.satchel.publisher.store.SnapshotFeed;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.publisher.text.FailureText;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.time.Time;
import dev.satchel.snapshot.SnapshotDiff;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots to KV, makes sure that they arrived, deletes old copies, and has the pairs
 * follow.
 */
final class SnapshotWriter {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final PublishedKey key;
  private final Evidence evidence;
  private final SnapshotFeed feed;
  private final NamespaceWriter writer;
  private final PublisherSettings settings;
  private final WriteGate gate;
  private final Packer packer;
  private final PairSync pairs;
  private final Time time;

  SnapshotWriter(
      PublishedKey key,
      Evidence evidence,
      SnapshotFeed feed,
      NamespaceWriter writer,
      PublisherSettings settings,
      WriteGate gate,
      Packer packer,
      PairSync pairs,
      Time time) {
    this.key = key;
    this.evidence = evidence;
    this.feed = feed;
    this.writer = writer;
    this.settings = settings;
    this.gate = gate;
    this.packer = packer;
    this.pairs = pairs;
    this.time = time;
  }

  /**
   * Writes a snapshot with the patch to it, and then the pairs of its users if there are any,
   * unless somebody took a hold or wrote another in the meantime.
   *
   * @param metadata of the snapshot, which does not name the patch yet
   * @param change against the snapshot that a patch would be from; empty for no patch
   * @param before what was shown under the key when this publication began
   * @param mayReplaceHeld whether to write even if there is a hold
   * @return fails with a {@link HeldException} or a {@link RefusedException} before any write, and
   *     with a {@link PairsBehindException} if only the pairs were not written
   */
  Future<PublishOutcome> publish(
      SnapshotMetadata metadata,
      Packed packed,
      Optional<SnapshotDiff> change,
      Optional<SnapshotMetadata> before,
      boolean mayReplaceHeld,
      StageTimes times) {
    long was = key.latest(before).map(SnapshotMetadata::revision).orElse(0L);
    return patch(change, before, metadata, times)
        .compose(
            patch -> {
              var told = metadata.withPatch(patch.map(Patch::named).orElse(null));
              return write(told, packed, patch, was, mayReplaceHeld, times)
                  .compose(
                      copies -> {
                        var goal =
                            new PairSync.Goal(
                                told.revision(),
                                was,
                                change,
                                copies,
                                () -> Future.succeededFuture(packed.snapshot()));
                        return mayReplaceHeld
                            ? pairs.followIfThere(goal, times)
                            : pairs.follow(goal, times);
                      })
                  .map(counts -> published(told, counts, times))
                  .recover(
                      failure ->
                          Future.failedFuture(
                              failure instanceof PairsBehindException behind
                                  ? behind.after(published(told, PairCounts.NONE, times))
                                  : failure));
            });
  }

  private static PublishOutcome published(
      SnapshotMetadata metadata, PairCounts pairs, StageTimes times) {
    return new PublishOutcome(PublishOutcome.Kind.PUBLISHED, metadata, pairs, times);
  }

  /** Makes the patch to a snapshot on a worker thread; empty if there is none to make. */
  private Future<Optional<Patch>> patch(
      Optional<SnapshotDiff> change,
      Optional<SnapshotMetadata> before,
      SnapshotMetadata next,
      StageTimes times) {
    return settings.patches().isZero() || change.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : times.time(
            "patch", () -> packer.blocking(() -> Patch.of(change, before, next, settings.seal())));
  }

  /** Writes a snapshot, and returns the copies that are kept, if they could be listed. */
  private Future<Optional<List<SnapshotMetadata>>> write(
      SnapshotMetadata metadata,
      Packed packed,
      Optional<Patch> patch,
      long was,
      boolean mayReplaceHeld,
      StageTimes times) {
    return times
        .time(
            "put",
            () ->
                gate.write(
                    () ->
                        key.shown()
                            .compose(
                                shown -> {
                                  var hold = key.hold(shown);
                                  if (hold.isPresent() && !mayReplaceHeld) {
                                    throw new HeldException(hold.get());
                                  }
                                  refuseIfReplaced(was, shown);
                                  return putPatch(metadata, patch)
                                      .compose(
                                          done ->
                                              put(metadata, Buffer.buffer(packed.value()), patch));
                                })))
        .compose(done -> times.time("read back", () -> readBack(metadata, packed.value())))
        .compose(
            done -> {
              // not earlier: a write that KV accepted and lost must not count as the snapshot in
              // use
              evidence.wrote(metadata, packed.snapshot());
              return times.time("prune", () -> prune(metadata));
            });
  }

  /** Writes other metadata for the value in use, and changes nothing in it that readers read. */
  Future<Void> rewrite(SnapshotMetadata metadata, Buffer value) {
    return gate.write(() -> writer.put(key.key(), value, metadata.toJson(), null))
        .compose(done -> readBack(metadata, value.getBytes()))
        .onSuccess(done -> key.wrote(metadata));
  }

  private void refuseIfReplaced(long was, Optional<SnapshotMetadata> shown) {
    long is = shown.map(SnapshotMetadata::revision).orElse(0L);
    if (is > was) {
      throw new RefusedException(
          "replaced",
          "revision changed during the run: expected %d under %s but found %d; nothing was written"
              .formatted(was, key.key(), is));
    }
  }

  /**
   * Writes the copy for the history first, the key itself last. The second put is what readers see:
   * once it has happened there is nothing left that could fail, and a revision in use always has
   * its copy. The other way round, a failure between the two would leave readers on a revision that
   * can never be rolled back to. A copy whose key was never written is pruned like every other.
   */
  private Future<Void> put(SnapshotMetadata metadata, Buffer value, Optional<Patch> patch) {
    Future<Void> copied =
        settings.copies().areKept()
            ? writer.put(
                key.copyKey(metadata.revision()),
                value,
                metadata.withHold(null, metadata.rolledBackTo()).toJson(),
                null)
            : Future.succeededFuture();
    return copied
        .compose(done -> gate.permit())
        .compose(
            done -> {
              key.tries(metadata);
              return writer.put(key.key(), value, metadata.toJson(), null);
            })
        .onSuccess(done -> feed.published(metadata, value, patch.map(Patch::bytes)));
  }

  /** Writes the patch before anything names it. It is never changed, and expires by itself. */
  private Future<Void> putPatch(SnapshotMetadata metadata, Optional<Patch> patch) {
    if (patch.isEmpty() || metadata.patch() == null) {
      return Future.succeededFuture();
    }
    return writer
        .put(
            key.patchKey(metadata.revision()),
            Buffer.buffer(patch.get().bytes()),
            patch.get().metadata(metadata.revision()),
            settings.patches())
        .compose(done -> gate.permit());
  }

  /** Waits until KV answers with what was written. */
  private Future<Void> readBack(SnapshotMetadata written, byte[] value) {
    return settings.readBack().isZero()
        ? Future.succeededFuture()
        : readBack(written, value, time.nanos() + settings.readBack().toNanos());
  }

  private Future<Void> readBack(SnapshotMetadata written, byte[] value, long deadline) {
    return sha256InUse(written, value)
        .otherwise(FailureText::inWords)
        .compose(
            found -> {
              if (found.equals(written.sha256())) {
                return Future.succeededFuture();
              }
              if (time.nanos() - deadline > 0) {
                return Future.failedFuture(
                    new RefusedException(
                        "read back",
                        "expected to read back revision %d with sha256 %s under %s but found %s after %s"
                            .formatted(
                                written.revision(),
                                written.sha256(),
                                settings.key(),
                                found,
                                settings.readBack())));
              }
              return time.pause(LOOK_AGAIN)
                  .compose(
                      again -> {
                        gate.check();
                        return readBack(written, value, deadline);
                      });
            });
  }

  /**
   * Returns the hash of the value itself if the metadata is the expected one, otherwise what the
   * metadata says.
   */
  private Future<String> sha256InUse(SnapshotMetadata expected, byte[] value) {
    return key.peek()
        .compose(
            shown -> {
              String found = shown.map(SnapshotMetadata::sha256).orElse("nothing");
              if (!found.equals(expected.sha256())) {
                return Future.succeededFuture(found);
              }
              Hold hold = shown.map(SnapshotMetadata::hold).orElse(null);
              return Objects.equals(hold, expected.hold())
                  ? key.value().compose(read -> sha256(read, expected, value))
                  : Future.succeededFuture(
                      "the same revision, " + (hold == null ? "not held" : hold.inWords()));
            });
  }

  /** Returns the hash of what was read, which is known if it is what was written. */
  private Future<String> sha256(Optional<Buffer> read, SnapshotMetadata expected, byte[] value) {
    return packer.blocking(
        () ->
            read.map(Buffer::getBytes)
                .map(
                    bytes ->
                        Arrays.equals(bytes, value) ? expected.sha256() : Digests.sha256(bytes))
                .orElse("nothing"));
  }

  /**
   * Deletes old copies, and returns the others. The future never fails, because the snapshot is
   * published whether or not that works.
   */
  private Future<Optional<List<SnapshotMetadata>>> prune(SnapshotMetadata inUse) {
    return key.copies()
        .compose(
            copies -> {
              List<Long> old = settings.copies().prunable(copies, inUse, time.instant());
              Future<Void> deleted =
                  old.isEmpty()
                      ? Future.succeededFuture()
                      : writer.deleteAll(old.stream().map(key::copyKey).toList());
              return deleted.map(
                  done ->
                      Optional.of(
                          copies.stream().filter(copy -> !old.contains(copy.revision())).toList()));
            })
        .recover(
            failure -> {
              LOG.warn(
                  "could not delete old copies (the next publication tries again): {}",
                  FailureText.inWords(failure));
              return Future.succeededFuture(Optional.empty());
            });
  }
}
