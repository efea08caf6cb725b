package dev.satchel.publisher.publish;

import dev.satchel.kv.Digests;
import dev.satchel.kv.DurationText;
import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.publish.Packer.Packed;
import dev.satchel.publisher.source.UserSink;
import dev.satchel.publisher.store.Evidence;
import dev.satchel.publisher.store.Evidence.Proof;
import dev.satchel.publisher.store.History;
import dev.satchel.publisher.store.Hold;
import dev.satchel.publisher.store.PublishedKey;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.publisher.store.UsersChange;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the content of an earlier revision again and holds it against the schedule. The caller
 * has the writer's turn.
 */
public final class Rollback {
  /**
   * The longest time from the start of a revision's run until KV shows it everywhere: a long run,
   * and a minute.
   */
  private static final Duration SETTLED = Duration.ofMinutes(5);

  private final Vertx vertx;
  private final PublishedKey key;
  private final Evidence evidence;
  private final History history;
  private final SnapshotWriter writer;
  private final Seal seal;
  private final WriteGate gate;
  private final InstantSource clock;
  private final Progress progress;

  Rollback(
      Vertx vertx,
      PublishedKey key,
      Evidence evidence,
      History history,
      SnapshotWriter writer,
      Seal seal,
      WriteGate gate,
      InstantSource clock,
      Progress progress) {
    this.vertx = vertx;
    this.key = key;
    this.evidence = evidence;
    this.history = history;
    this.writer = writer;
    this.seal = seal;
    this.gate = gate;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Publishes an earlier revision's content as a new revision, with a hold. No guard is asked,
   * because a person has named what to publish.
   *
   * @param why one line; may be empty
   */
  public Future<PublishOutcome> to(long revision, String why) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return to(revision, revision, Hold.now(now, why), now);
  }

  /**
   * Publishes what is held as a new revision with the same hold, because readers may have a
   * revision above it.
   */
  Future<PublishOutcome> again(SnapshotMetadata held) {
    Hold hold = Objects.requireNonNull(held.hold());
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return to(held.revision(), held.rolledBackTo(), hold, now);
  }

  private Future<PublishOutcome> to(long revision, long rolledBackTo, Hold hold, Instant now) {
    var times = new StageTimes(progress);
    return times
        .time("look", key::shown)
        .compose(
            shown ->
                times
                    .time("prove", () -> prove(shown))
                    .compose(
                        proof ->
                            times
                                .time("open", () -> history.snapshot(revision))
                                .compose(earlier -> pack(earlier, now, times))
                                .compose(
                                    packed ->
                                        write(packed, rolledBackTo, hold, shown, proof, times))));
  }

  private Future<Proof> prove(Optional<SnapshotMetadata> shown) {
    return evidence
        .proof(shown, false, true)
        .compose(proof -> evidence.lookAbove(proof.inUse()).map(proof));
  }

  private Future<Packed> pack(Snapshot earlier, Instant now, StageTimes times) {
    return packer(earlier).pack(key.nextRevision(now), now, earlier.users(), true, times);
  }

  private Future<PublishOutcome> write(
      Packed packed,
      long revision,
      Hold hold,
      Optional<SnapshotMetadata> shown,
      Proof proof,
      StageTimes times) {
    return times
        .time("compare", () -> evidence.changeTo(packed.snapshot(), proof))
        .compose(
            change -> {
              var metadata =
                  packed
                      .metadata()
                      .withChange(change.map(UsersChange::of).orElse(null))
                      .withHold(hold, revision);
              return writer.publish(metadata, packed, change, shown, true, times);
            });
  }

  /** Ends the hold, so that the next run publishes again. The result is empty if there was none. */
  public Future<Optional<Hold>> resume() {
    return history
        .inUse()
        .compose(
            inUse ->
                inUse.isEmpty() || inUse.get().hold() == null
                    ? Future.succeededFuture(Optional.<Hold>empty())
                    : key.value().compose(value -> resume(inUse.get(), value)));
  }

  private Future<Optional<Hold>> resume(SnapshotMetadata inUse, Optional<Buffer> value) {
    String found = value.map(Buffer::getBytes).map(Digests::sha256).orElse("nothing");
    if (value.isEmpty() || !found.equals(inUse.sha256())) {
      // KV may still answer with the previous value; writing that again would be worse
      return Future.failedFuture(
          new RefusedException(
              "expected the value under %s to have the sha256 %s of its metadata but found %s; nothing was written; try again in a minute"
                  .formatted(key.key(), inUse.sha256(), found)));
    }
    return key.copies()
        .compose(
            copies -> {
              refuseIfReplaced(inUse, copies);
              return writer.rewrite(inUse.withHold(null, inUse.rolledBackTo()), value.get());
            })
        .map(Optional.ofNullable(inUse.hold()));
  }

  /**
   * Refuses if a newer revision exists. KV may answer with a pair of a minute ago, value and
   * metadata alike, and writing that again would bring it back. A copy with a higher revision
   * reveals this, unless it is an old one of a run that then failed.
   */
  private void refuseIfReplaced(SnapshotMetadata inUse, List<SnapshotMetadata> copies) {
    Instant now = clock.instant();
    for (SnapshotMetadata copy : copies) {
      if (copy.revision() > inUse.revision()
          && Duration.between(copy.publishedAt(), now).abs().compareTo(SETTLED) < 0) {
        throw new RefusedException(
            "expected no copy above revision %d, which KV shows under %s, but found %d, published at %s; nothing was written; try again in %s"
                .formatted(
                    inUse.revision(),
                    key.key(),
                    copy.revision(),
                    copy.publishedAt(),
                    DurationText.of(SETTLED)));
      }
    }
  }

  /** Packs the users of a snapshot with every check, as if they came from the database. */
  private Packer packer(Snapshot earlier) {
    return new Packer(
        vertx,
        (sink, anyAge) -> vertx.executeBlocking(() -> handOver(earlier, sink)).mapEmpty(),
        seal,
        gate,
        progress,
        (id, bytes) -> {});
  }

  private static boolean handOver(Snapshot earlier, UserSink sink) {
    sink.fields(earlier.fieldNames());
    List<Field> fields =
        earlier.fieldNames().stream()
            .map(name -> Objects.requireNonNull(earlier.field(name), name))
            .toList();
    @Nullable Object[] values = new @Nullable Object[fields.size()];
    int[] numbers = new int[values.length];
    Arrays.fill(numbers, -1);
    for (int user = 0; user < earlier.users(); user++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = fields.get(i).value(user);
      }
      sink.user(earlier.id(user), values, numbers);
    }
    return true;
  }
}
