package dev.satchel.publisher.publish;

import dev.satchel.publisher.kv.NamespaceReader;
import dev.satchel.publisher.kv.NamespaceWriter;
import dev.satchel.publisher.lock.StoppedException;
import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.publish.PublisherSettings.Layout;
import dev.satchel.publisher.store.History;
import dev.satchel.publisher.store.PairCounts;
import dev.satchel.publisher.store.PairLog;
import dev.satchel.publisher.store.PairState;
import dev.satchel.publisher.store.PublishedKey;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.publisher.text.FailureText;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.time.Time;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotDiff;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the pairs of the users to what the snapshot in use says. Does nothing in other layouts.
 * Confined to the writer's turn.
 */
final class PairSync {
  /*
   * The snapshot is written first and the pairs after it, so nothing that a guard or a hold refuses
   * reaches a pair, and every revision that a pair may say has a copy. The pair KEY@pairs comes
   * last. It names the revision R that all pairs were brought to.
   *
   * So a pair says R, or a revision that was written since, whatever died or was refused in
   * between. A user whose values are the same in all of these and in the snapshot in use has the
   * right pair already; all others are written. That is one comparison after a run that ended well,
   * and it is the one that the guards have made. KV may show KEY@pairs as it was a minute ago: an
   * older R only makes for more comparisons.
   *
   * If R or a copy is not known, pairs without a user are found by a listing of all keys with the
   * prefix, and those that carry our mark are deleted. Then every user is written.
   *
   * KV may also take a write minutes after its publisher has given up on it. After a run that did
   * not end well, the oldest revision is kept in mind (PairState.oldest), and the comparison is
   * made once more from there when no such write can come any more.
   *
   * Another process may make it once more as well, because KV still shows it the doubt, and give up
   * on a write that then comes late. Nothing tells of that. So what is published soon after a doubt
   * was made good (PairState.madeGood) is in doubt too, but only once: a second such process in a
   * row is not provided for.
   */
  private static final Logger LOG = LoggerFactory.getLogger(PairSync.class);

  /** After this time, no write that was given up takes effect any more. */
  static final Duration SETTLED = Duration.ofMinutes(5);

  /** After this time, KV shows a write everywhere. */
  private static final Duration SHOWN = Duration.ofMinutes(1);

  /** No snapshot has this revision, so nothing can be compared with it. */
  private static final long NO_REVISION = 1;

  /** More comparisons cost more than they save. */
  private static final int MOST_COMPARISONS = 8;

  private final PublishedKey key;
  private final History history;
  private final NamespaceReader reader;
  private final NamespaceWriter writer;
  private final PublisherSettings settings;
  private final WriteGate gate;
  private final Packer packer;
  private final Time time;
  private final InstantSource clock;
  private final Progress progress;
  private volatile @Nullable PairState known;
  private volatile @Nullable PairLog log;

  PairSync(
      Publishing.World world,
      PublishedKey key,
      History history,
      PublisherSettings settings,
      WriteGate gate,
      Packer packer) {
    this.key = key;
    this.history = history;
    this.reader = world.reader();
    this.writer = world.writer();
    this.settings = settings;
    this.gate = gate;
    this.packer = packer;
    this.time = world.time();
    this.clock = world.clock();
    this.progress = world.progress();
  }

  /**
   * The snapshot that pairs are to follow.
   *
   * @param revision under which it is in use
   * @param before the revision that was in use when the run began, 0 if there was none
   * @param change against the revision before, if it was compared
   * @param copies those that are kept, if they were listed since it is in use
   * @param snapshot opens it
   */
  record Goal(
      long revision,
      long before,
      Optional<SnapshotDiff> change,
      Optional<List<SnapshotMetadata>> copies,
      Supplier<Future<Snapshot>> snapshot) {

    /** What is in use and was in use before. */
    static Goal unchanged(long revision, Supplier<Future<Snapshot>> snapshot) {
      return new Goal(revision, revision, Optional.empty(), Optional.empty(), snapshot);
    }
  }

  /**
   * Passes a snapshot whose users can all have pairs. May look at every user, on the caller's
   * thread.
   *
   * @param isAccepted whether users of any size were let in
   * @throws RefusedException that names the user
   */
  void check(Snapshot snapshot, boolean isAccepted) {
    if (settings.layout() == Layout.BOTH) {
      UserPairs pairs = pairs(settings.keyPrefix());
      pairs.checkKeys(snapshot);
      if (isAccepted || !settings.guards().keepsUsersBelowAValue()) {
        pairs.checkValues(snapshot);
      }
    }
  }

  /** Brings the pairs to the snapshot in use, if this layout has pairs. */
  Future<PairCounts> follow(Goal goal, StageTimes times) {
    return settings.layout() == Layout.BOTH
        ? follow(goal, settings.keyPrefix(), times)
        : Future.succeededFuture(PairCounts.NONE);
  }

  /** Brings the pairs to the snapshot in use if there are any, whatever this layout is. */
  Future<PairCounts> followIfThere(Goal goal, StageTimes times) {
    return settings.layout() == Layout.BOTH
        ? follow(goal, settings.keyPrefix(), times)
        : behind(goal, key.pairState())
            .compose(
                state ->
                    state.isEmpty()
                        ? Future.succeededFuture(PairCounts.NONE)
                        : follow(goal, state.get().prefix(), times));
  }

  private Future<PairCounts> follow(Goal goal, String prefix, StageTimes times) {
    PairState last = known;
    if (last != null && isDone(goal, last)) {
      return Future.succeededFuture(PairCounts.NONE);
    }
    return behind(goal, times.time("pairs", () -> follow(goal, prefix)))
        .onFailure(failure -> known = null);
  }

  /** Says that only the pairs are left, if the future fails. */
  private <T> Future<T> behind(Goal goal, Future<T> pairs) {
    return pairs.recover(
        failure ->
            Future.failedFuture(
                failure instanceof StoppedException
                    ? failure
                    : new PairsBehindException(
                        "revision %d is in use, but not all pairs of its users are written; the next run writes them: %s"
                            .formatted(goal.revision, FailureText.inWords(failure)),
                        failure,
                        null)));
  }

  private Future<PairCounts> follow(Goal goal, String prefix) {
    return state(goal, prefix)
        .compose(
            state -> {
              if (state.isPresent() && isDone(goal, state.get())) {
                known = state.get();
                return Future.succeededFuture(PairCounts.NONE);
              }
              return goal.copies
                  .map(Future::succeededFuture)
                  .orElseGet(key::copies)
                  .compose(
                      copies ->
                          isReplaced(goal, copies)
                              ? Future.succeededFuture(PairCounts.NONE)
                              : new Following(goal, pairs(prefix), state, copies).write());
            });
  }

  private Future<Optional<PairState>> state(Goal goal, String prefix) {
    PairState last = known;
    if (last != null && last.revision() == goal.before) {
      return Future.succeededFuture(Optional.of(last));
    }
    log = null; // another process may have added to it
    return key.pairState().map(found -> found.filter(state -> isOfPrefix(state, prefix)));
  }

  private boolean isOfPrefix(PairState state, String prefix) {
    if (!state.prefix().equals(prefix)) {
      LOG.warn(
          "expected pairs with the prefix \"{}\", as {} says, but found {} set to \"{}\": all users"
              + " are written with it, and the other pairs stay",
          state.prefix(),
          key.pairsKey(),
          PublisherSettings.KEY_PREFIX,
          prefix);
      return false;
    }
    return true;
  }

  private boolean isDone(Goal goal, PairState state) {
    return state.revision() == goal.revision && !isDue(state);
  }

  /** Returns whether it is time to write once more what late writes may have undone. */
  private boolean isDue(PairState state) {
    return state.isInDoubt() && age(state.at()).compareTo(SETTLED) > 0;
  }

  private Duration age(Instant then) {
    return Duration.between(then, clock.instant()).abs();
  }

  /** Returns whether somebody else has just published, which KV does not show here yet. */
  private boolean isReplaced(Goal goal, List<SnapshotMetadata> copies) {
    return copies.stream()
        .anyMatch(
            copy ->
                copy.revision() > goal.revision && age(copy.publishedAt()).compareTo(SETTLED) < 0);
  }

  private UserPairs pairs(String prefix) {
    return new UserPairs(settings.key(), prefix);
  }

  /** One attempt to bring the pairs to a snapshot. */
  private final class Following {
    private final Goal goal;
    private final UserPairs pairs;
    private final Optional<PairState> state;
    private final boolean isOnceMore;
    private final boolean isBeforeKept;
    private final List<Long> revisions;

    Following(
        Goal goal, UserPairs pairs, Optional<PairState> state, List<SnapshotMetadata> copies) {
      this.goal = goal;
      this.pairs = pairs;
      this.state = state;
      this.isOnceMore = state.isPresent() && isDue(state.get());
      this.isBeforeKept = copies.stream().anyMatch(copy -> copy.revision() == goal.before);
      this.revisions = state.map(was -> revisions(was, copies)).orElse(List.of());
    }

    /** Returns the revisions that a pair may say, oldest first. */
    private List<Long> revisions(PairState was, List<SnapshotMetadata> copies) {
      long oldest = isOnceMore ? was.oldest() : was.revision();
      return Stream.concat(
              Stream.of(oldest, was.revision(), goal.before),
              copies.stream().map(SnapshotMetadata::revision))
          .filter(revision -> revision >= oldest && revision != goal.revision)
          .distinct()
          .sorted()
          .toList();
    }

    Future<PairCounts> write() {
      return begin()
          .compose(done -> goal.snapshot.get())
          .compose(
              snapshot -> {
                var batches = new PairWriter(pairs, snapshot, writer, gate, packer, progress);
                Future<Boolean> changed =
                    state.isEmpty() || revisions.size() > MOST_COMPARISONS
                        ? Future.succeededFuture(false)
                        : new PairChanges(history, packer, snapshot, pairs, batches)
                            .write(revisions, goal.change);
                Future<Void> written =
                    changed.compose(
                        isComplete ->
                            isComplete ? Future.succeededFuture() : all(snapshot, batches));
                return written
                    .compose(done -> mark(next(), batches.counts()))
                    .map(done -> batches.counts());
              });
    }

    /** Notes that what is written once more may not have been, should this attempt fail. */
    private Future<Void> begin() {
      if (!isOnceMore) {
        return Future.succeededFuture();
      }
      long oldest = state.orElseThrow().oldest();
      var halfway = new PairState(pairs.prefix(), oldest, oldest, clock.instant(), Instant.EPOCH);
      return mark(halfway, PairCounts.NONE);
    }

    private Future<Void> all(Snapshot snapshot, PairWriter batches) {
      LOG.info(
          "what the pairs with the prefix \"{}\" say is not known: those without a user are looked"
              + " for, and all {} users are written",
          pairs.prefix(),
          snapshot.users());
      int users = snapshot.users();
      // first, or all that is written now would be listed
      return new PairSweep(reader, time, pairs, snapshot, batches)
          .deleteWithoutUser()
          .compose(done -> batches.put(IntStream.range(0, users).iterator(), users));
    }

    /** Writes what the pairs say now. */
    private Future<Void> mark(PairState now, PairCounts counts) {
      return log()
          .compose(
              before -> {
                PairLog after = counts.areNone() ? before : before.with(goal.revision, counts);
                return gate.write(
                        () -> writer.put(key.pairsKey(), after.toBuffer(), now.toJson(), null))
                    .onSuccess(
                        done -> {
                          log = after;
                          known = now;
                        });
              });
    }

    private Future<PairLog> log() {
      PairLog last = log;
      return last != null
          ? Future.succeededFuture(last)
          : key.pairLog().otherwise(PairLog.EMPTY); // it is only told to people
    }

    private PairState next() {
      Instant now = clock.instant();
      long before = goal.before == 0 ? goal.revision : goal.before;
      PairState was =
          state.orElse(new PairState(pairs.prefix(), before, before, Instant.EPOCH, Instant.EPOCH));
      // a revision that is not told of was followed halfway
      boolean isDisturbed =
          (state.isEmpty() && goal.before != 0)
              || goal.before > was.revision()
              || revisions.stream().anyMatch(revision -> revision > was.revision());
      if (isDisturbed) {
        // KV may have lost the copy of what late writes may say
        long oldest = isBeforeKept ? was.oldest() : NO_REVISION;
        return state(oldest, now, Instant.EPOCH);
      }
      if (isOnceMore) {
        boolean isFirst = was.madeGood().equals(Instant.EPOCH);
        return state(goal.revision, now, isFirst ? now : Instant.EPOCH);
      }
      if (was.isInDoubt()) {
        return state(was.oldest(), was.at(), was.madeGood());
      }
      boolean isSoonAfterDoubt = age(was.madeGood()).compareTo(SETTLED.plus(SHOWN)) < 0;
      return state(isSoonAfterDoubt ? was.revision() : goal.revision, now, was.madeGood());
    }

    private PairState state(long oldest, Instant at, Instant madeGood) {
      return new PairState(pairs.prefix(), goal.revision, oldest, at, madeGood);
    }
  }
}
