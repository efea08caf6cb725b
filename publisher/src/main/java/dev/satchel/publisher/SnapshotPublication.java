package dev.satchel.publisher;

import dev.satchel.kv.KvReader;
import dev.satchel.kv.KvWriter;
import dev.satchel.publisher.Packer.Packed;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings all users into KV as one snapshot. Every check comes before the first write. */
final class SnapshotPublication implements Publication {
  private static final Logger log = LoggerFactory.getLogger(SnapshotPublication.class);

  private static final long LOOK_AGAIN_MILLIS = 500;

  private final Packer packer;
  private final KvReader reader;
  private final KvWriter writer;
  private final PublisherSettings settings;
  private final WriteGate gate;
  private final InstantSource clock;
  private final Progress progress;
  private volatile @Nullable SnapshotMetadata ours;
  private volatile long lastSeen;
  private final AtomicBoolean acceptsChange;

  SnapshotPublication(
      Packer packer,
      KvReader reader,
      KvWriter writer,
      PublisherSettings settings,
      WriteGate gate,
      InstantSource clock,
      Progress progress) {
    this.packer = packer;
    this.reader = reader;
    this.writer = writer;
    this.settings = settings;
    this.gate = gate;
    this.clock = clock;
    this.progress = progress;
    this.acceptsChange = new AtomicBoolean(settings.guards().acceptChange());
  }

  /**
   * Reads the users, packs and checks them, and puts the snapshot unless the one in use says the
   * same. The future fails with one line to show, and then nothing that readers look at was
   * written.
   */
  @Override
  public Future<PublishOutcome> publish() {
    var times = new StageTimes(progress);
    boolean isAccepted = acceptsChange.getAndSet(false); // for one run, also if it fails
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return times
        .time("look", this::inUse)
        .compose(
            inUse ->
                packer
                    .pack(
                        revisionAfter(inUse, now),
                        now,
                        inUse.map(SnapshotMetadata::users).orElse(0),
                        times)
                    .compose(packed -> putUnlessSame(packed, inUse, isAccepted, times)));
  }

  /** The metadata under the key; empty if nothing that we understand is there. */
  private Future<Optional<SnapshotMetadata>> inUse() {
    return reader
        .metadata(settings.key())
        .map(
            json -> {
              var metadata = json.flatMap(SnapshotMetadata::fromJson);
              if (json.isPresent() && metadata.isEmpty()) {
                log.warn(
                    "expected a snapshot's metadata under {} but found something else; it will be"
                        + " replaced",
                    settings.key());
              }
              metadata.ifPresent(found -> notice(found.revision()));
              return metadata;
            });
  }

  /** Tells once of a revision that came without us while this process was at work. */
  private void notice(long revision) {
    long last = lastSeen;
    if (last != 0 && revision > last) {
      log.warn(
          "expected revision {} under {} but found {}, which this publisher did not make",
          last,
          settings.key(),
          revision);
    }
    lastSeen = Math.max(last, revision);
  }

  private long revisionAfter(Optional<SnapshotMetadata> inUse, Instant now) {
    SnapshotMetadata ours = this.ours;
    long last =
        Math.max(
            inUse.map(SnapshotMetadata::revision).orElse(0L), ours == null ? 0 : ours.revision());
    return Math.max(last + 1, now.toEpochMilli());
  }

  private Future<PublishOutcome> putUnlessSame(
      Packed packed, Optional<SnapshotMetadata> inUse, boolean isAccepted, StageTimes times) {
    var metadata = SnapshotMetadata.of(packed.snapshot(), packed.value());
    if (inUse.isPresent() && isCurrent(inUse.get()) && metadata.saysTheSameAs(inUse.get())) {
      return Future.succeededFuture(
          new PublishOutcome(PublishOutcome.Kind.UNCHANGED, inUse.get(), times));
    }
    SizeLimit.check(packed.snapshot(), packed.value().length, settings.maxValueBytes());
    if (!isAccepted) {
      settings.guards().checkUsers(packed.snapshot());
    }
    return times
        .time("compare", () -> change(inUse, packed))
        .compose(
            change -> {
              if (!isAccepted) {
                change.ifPresent(settings.guards()::check);
              }
              return times.time(
                  "put", () -> gate.write(() -> put(metadata, Buffer.buffer(packed.value()))));
            })
        .compose(
            done -> {
              ours = metadata;
              lastSeen = metadata.revision();
              return times.time("read back", () -> readBack(metadata));
            })
        .map(done -> new PublishOutcome(PublishOutcome.Kind.PUBLISHED, metadata, times));
  }

  /** What differs from the snapshot in use; empty if there is none that can be opened. */
  private Future<Optional<SnapshotChange>> change(Optional<SnapshotMetadata> inUse, Packed packed) {
    if (inUse.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return reader
        .value(settings.key())
        .compose(
            value ->
                packer.blocking(
                    () ->
                        value
                            .flatMap(this::opened)
                            .map(before -> SnapshotChange.between(before, packed.snapshot()))));
  }

  private Optional<Snapshot> opened(Buffer value) {
    try {
      return Optional.of(Snapshot.open(value.getBytes()));
    } catch (SnapshotFormatException e) {
      // to refuse would keep in use what no reader can open
      log.warn(
          "expected a sound snapshot under {} to compare with, it will be replaced: {}",
          settings.key(),
          e.getMessage());
      return Optional.empty();
    }
  }

  /** Waits until what was written is what KV answers. */
  private Future<Void> readBack(SnapshotMetadata written) {
    return settings.readBack().isZero()
        ? Future.succeededFuture()
        : readBack(written, System.nanoTime() + settings.readBack().toNanos());
  }

  private Future<Void> readBack(SnapshotMetadata written, long deadline) {
    return sha256InUse(written.sha256())
        .otherwise(Failures::inWords)
        .compose(
            found -> {
              if (found.equals(written.sha256())) {
                return Future.succeededFuture();
              }
              if (System.nanoTime() - deadline > 0) {
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
              return packer.pause(LOOK_AGAIN_MILLIS).compose(again -> readBack(written, deadline));
            });
  }

  /** Of the value itself if the metadata is the expected one, otherwise what the metadata says. */
  private Future<String> sha256InUse(String expected) {
    return reader
        .metadata(settings.key())
        .compose(
            json -> {
              String found =
                  json.flatMap(SnapshotMetadata::fromJson)
                      .map(SnapshotMetadata::sha256)
                      .orElse("nothing");
              return found.equals(expected)
                  ? reader.value(settings.key()).compose(this::sha256)
                  : Future.succeededFuture(found);
            });
  }

  private Future<String> sha256(Optional<Buffer> value) {
    return packer.blocking(
        () -> value.map(bytes -> SnapshotMetadata.sha256(bytes.getBytes())).orElse("nothing"));
  }

  /** False when KV shows less than we wrote: an old answer must not pass for what is in use. */
  private boolean isCurrent(SnapshotMetadata inUse) {
    SnapshotMetadata ours = this.ours;
    return ours == null || inUse.revision() >= ours.revision();
  }

  /**
   * The copy for history first, the key itself last. The second put is what readers see: when it
   * has happened there is nothing left that could fail, and a revision in use always has its copy.
   * The other way round, a failure between the two would leave readers on a revision that can never
   * be rolled back to. A copy whose key was never written expires like every other.
   */
  private Future<Void> put(SnapshotMetadata metadata, Buffer value) {
    var json = metadata.toJson();
    Future<Void> copied =
        settings.history().isZero()
            ? Future.succeededFuture()
            : writer.put(
                settings.key() + "@" + metadata.revision(), value, json, settings.history());
    return copied
        .compose(done -> gate.permit())
        .compose(done -> writer.put(settings.key(), value, json, null));
  }
}
