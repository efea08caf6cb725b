package dev.satchel.publisher;

import dev.satchel.kv.KvReader;
import dev.satchel.kv.KvWriter;
import dev.satchel.publisher.Packer.Packed;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings all users into KV as one snapshot. Every check comes before the first write. */
final class SnapshotPublication implements Publication {
  private static final Logger log = LoggerFactory.getLogger(SnapshotPublication.class);

  private final Packer packer;
  private final KvReader reader;
  private final KvWriter writer;
  private final PublisherSettings settings;
  private final WriteGate gate;
  private final InstantSource clock;
  private final Progress progress;
  private volatile @Nullable SnapshotMetadata ours;
  private volatile long lastSeen;

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
  }

  /**
   * Reads the users, packs and checks them, and puts the snapshot unless the one in use says the
   * same. The future fails with one line to show, and then nothing that readers look at was
   * written.
   */
  @Override
  public Future<PublishOutcome> publish() {
    var times = new StageTimes(progress);
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
                    .compose(packed -> putUnlessSame(packed, inUse, times)));
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
      Packed packed, Optional<SnapshotMetadata> inUse, StageTimes times) {
    var metadata = SnapshotMetadata.of(packed.snapshot(), packed.value());
    if (inUse.isPresent() && isCurrent(inUse.get()) && metadata.saysTheSameAs(inUse.get())) {
      return Future.succeededFuture(
          new PublishOutcome(PublishOutcome.Kind.UNCHANGED, inUse.get(), times));
    }
    SizeLimit.check(packed.snapshot(), packed.value().length, settings.maxValueBytes());
    return times
        .time("put", () -> gate.write(() -> put(metadata, Buffer.buffer(packed.value()))))
        .map(
            done -> {
              ours = metadata;
              lastSeen = metadata.revision();
              return new PublishOutcome(PublishOutcome.Kind.PUBLISHED, metadata, times);
            });
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
