package dev.satchel.publisher.publish;

import dev.satchel.publisher.guard.Guards;
import dev.satchel.publisher.guard.SizeLimit;
import dev.satchel.publisher.publish.Packer.Packed;
import dev.satchel.publisher.store.Evidence;
import dev.satchel.publisher.store.Evidence.Proof;
import dev.satchel.publisher.store.HeldException;
import dev.satchel.publisher.store.History;
import dev.satchel.publisher.store.Hold;
import dev.satchel.publisher.store.PublishedKey;
import dev.satchel.publisher.store.SnapshotFeed;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.publisher.store.UsersChange;
import dev.satchel.publisher.store.ValueLimits;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotDiff;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes all users to KV as one snapshot, and has their pairs follow if there are any. Every
 * check comes before the first write.
 */
final class SnapshotPublication implements Publication {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotPublication.class);

  private final Packer packer;
  private final PublishedKey key;
  private final Evidence evidence;
  private final SnapshotWriter writer;
  private final History history;
  private final PairSync pairs;
  private final SnapshotFeed feed;
  private final Ahead ahead;
  private final Rollback rollback;
  private final PublisherSettings settings;
  private final InstantSource clock;
  private final Progress progress;
  private final AtomicBoolean acceptsChange;
  private final AtomicBoolean isFirst = new AtomicBoolean(true);
  private volatile @Nullable Hold told;

  SnapshotPublication(
      Packer packer,
      PublishedKey key,
      Evidence evidence,
      SnapshotWriter writer,
      History history,
      PairSync pairs,
      SnapshotFeed feed,
      Ahead ahead,
      Rollback rollback,
      PublisherSettings settings,
      InstantSource clock,
      Progress progress) {
    this.packer = packer;
    this.key = key;
    this.evidence = evidence;
    this.writer = writer;
    this.history = history;
    this.pairs = pairs;
    this.feed = feed;
    this.ahead = ahead;
    this.rollback = rollback;
    this.settings = settings;
    this.clock = clock;
    this.progress = progress;
    this.acceptsChange = new AtomicBoolean(settings.guards().acceptChange());
  }

  /**
   * Reads the users, packs and checks them, and writes the snapshot unless the one in use says the
   * same or is held. If the future fails, its failure is one line to show; nothing that readers of
   * the snapshot look at was written, unless it is a {@link PairsBehindException}.
   */
  @Override
  public Future<PublishOutcome> publish() {
    var times = new StageTimes(progress);
    boolean isAccepted = acceptsChange.getAndSet(false); // for one run, even if it fails
    return ahead
        .looking(() -> key.shown().compose(this::noticeIfForeign), isAccepted, times)
        .compose(
            shown ->
                key.hold(shown).isPresent()
                    ? held(times)
                    : readAndProve(shown, isAccepted, times)
                        .recover(
                            failure ->
                                failure instanceof HeldException
                                    ? held(times)
                                    : Future.failedFuture(failure)));
  }

  /** Logs, when a process begins, that no publisher has left a copy of the revision in use. */
  private Future<Optional<SnapshotMetadata>> noticeIfForeign(Optional<SnapshotMetadata> shown) {
    if (!isFirst.getAndSet(false) || shown.isEmpty() || !settings.copies().areKept()) {
      return Future.succeededFuture(shown);
    }
    long revision = shown.get().revision();
    return key.copyMetadata(revision)
        .map(
            copy -> {
              if (copy.isEmpty() || !copy.get().sha256().equals(shown.get().sha256())) {
                LOG.warn(
                    "expected the same under {} as under {} but found {}: a publisher without"
                        + " copies made it, or somebody else wrote it",
                    key.copyKey(revision),
                    key.key(),
                    copy.isEmpty() ? "nothing" : "another value");
              }
              return shown;
            });
  }

  private Future<Proof> prove(Optional<SnapshotMetadata> shown, boolean isAccepted) {
    return evidence
        .proof(shown, isAccepted, isAccepted)
        .compose(
            proof ->
                settings.copies().areKept()
                    ? evidence.lookAbove(proof.inUse()).map(proof)
                    : Future.succeededFuture(proof));
  }

  /**
   * Reads the users while what is shown is proved, which takes a download in a new process. The
   * stage of the proof is what is left of it when all are read. Both have ended when the future
   * completes; if the proof fails, so does the reading, and the failure is the proof's.
   */
  private Future<PublishOutcome> readAndProve(
      Optional<SnapshotMetadata> shown, boolean isAccepted, StageTimes times) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Future<Proof> proof = prove(shown, isAccepted);
    Future<Packer.AllUsers> reading =
        packer.read(shown.map(SnapshotMetadata::users).orElse(0), isAccepted, proof, times);
    return reading
        .otherwiseEmpty()
        .compose(ended -> times.time("prove", () -> proof))
        .compose(proved -> reading)
        .compose(users -> users.pack(key.nextRevision(now), now, times))
        .compose(packed -> putUnlessSame(packed, shown, proof.result(), isAccepted, times));
  }

  private Future<PublishOutcome> putUnlessSame(
      Packed packed,
      Optional<SnapshotMetadata> shown,
      Proof proof,
      boolean isAccepted,
      StageTimes times) {
    var metadata = packed.metadata();
    var inUse = proof.inUse();
    if (inUse.isPresent()
        && key.isCurrent(inUse.get())
        && metadata.saysTheSameAs(inUse.get())
        && !feed.mayBeAhead()) {
      return unchanged(packed, inUse.get(), isAccepted, times);
    }
    check(packed, settings, isAccepted);
    return times
        .time("compare", () -> checkedChange(packed.snapshot(), proof, isAccepted))
        .compose(
            change -> {
              var told = metadata.withChange(change.map(UsersChange::of).orElse(null));
              return writer.publish(told, packed, change, shown, false, times);
            })
        .recover(failure -> ahead.instead(failure, packed, isAccepted));
  }

  /** Writes no snapshot, but the pairs that a run before has not written. */
  private Future<PublishOutcome> unchanged(
      Packed packed, SnapshotMetadata inUse, boolean isAccepted, StageTimes times) {
    var goal =
        PairSync.Goal.unchanged(
            inUse.revision(),
            () -> checkedForPairs(packed.snapshot(), isAccepted).map(packed.snapshot()));
    return pairs
        .follow(goal, times)
        .map(done -> new PublishOutcome(PublishOutcome.Kind.UNCHANGED, inUse, done, times));
  }

  private Future<Void> checkedForPairs(Snapshot snapshot, boolean isAccepted) {
    return packer.blocking(
        () -> {
          pairs.check(snapshot, isAccepted);
          return null;
        });
  }

  private Future<Optional<SnapshotDiff>> checkedChange(
      Snapshot now, Proof proof, boolean isAccepted) {
    return checkedForPairs(now, isAccepted).compose(done -> change(now, proof, isAccepted));
  }

  private Future<Optional<SnapshotDiff>> change(Snapshot now, Proof proof, boolean isAccepted) {
    return isAccepted
        ? evidence.changeTo(now, proof)
        : evidence
            .lastGood(proof)
            .compose(before -> packer.blocking(() -> checkedChange(before, now)));
  }

  private Optional<SnapshotDiff> checkedChange(Optional<Snapshot> before, Snapshot now) {
    if (before.isEmpty()) {
      // all that is left of it is how many users it had
      key.written().ifPresent(was -> settings.guards().checkUserCount(was.users(), now.users()));
      return Optional.empty();
    }
    return Optional.of(checkedChange(before.get(), now, settings.guards()));
  }

  /** Refuses a snapshot that is too large, or that says of users what no guard lets through. */
  static void check(Packed packed, PublisherSettings settings, boolean isAccepted) {
    SizeLimit.check(packed.snapshot(), packed.value().length, settings.maxValueBytes());
    ValueLimits.check(packed.value()); // or the next run could not compare with it
    if (!isAccepted) {
      settings.guards().checkUsers(packed.snapshot());
    }
  }

  /** Compares two snapshots, and refuses a change that the guards do not let through. */
  static SnapshotDiff checkedChange(Snapshot before, Snapshot now, Guards guards) {
    if (Evidence.isTooUneven(before, now)) {
      guards.checkUserCount(before.users(), now.users());
    }
    var diff = SnapshotDiff.between(before, now);
    guards.check(diff);
    return diff;
  }

  /**
   * Writes no snapshot, but the pairs that do not follow the one that is held. Logged once for as
   * long as the hold lasts.
   */
  private Future<PublishOutcome> held(StageTimes times) {
    SnapshotMetadata inUse = key.latest(Optional.empty()).orElseThrow();
    Hold hold = inUse.hold();
    if (hold != null && !hold.equals(told)) {
      told = hold;
      LOG.warn(
          "revision {} under {} is {}; nothing is published until satchel resume",
          inUse.revision(),
          key.key(),
          hold.inWords());
    }
    if (feed.mayBeAhead()) {
      return rollback.again(inUse);
    }
    // a rollback may have ended before its last pair, or by a command that knew of no pairs
    var goal = PairSync.Goal.unchanged(inUse.revision(), () -> history.snapshot(inUse.revision()));
    return pairs
        .follow(goal, times)
        .map(done -> new PublishOutcome(PublishOutcome.Kind.HELD, inUse, done, times));
  }
}
