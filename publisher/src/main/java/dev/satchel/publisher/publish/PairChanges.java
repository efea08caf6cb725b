package dev.satchel.publisher.publish;

import dev.satchel.publisher.store.Evidence;
import dev.satchel.publisher.store.History;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotDiff;
import dev.satchel.snapshot.SnapshotFormatException;
import dev.satchel.snapshot.UserChange;
import io.vertx.core.Future;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Writes the pairs of the users that differ from what their pairs may say. For one run. */
final class PairChanges {
  private final History history;
  private final Packer packer;
  private final Snapshot snapshot;
  private final UserPairs pairs;
  private final PairWriter batches;
  private final BitSet written = new BitSet();

  PairChanges(
      History history, Packer packer, Snapshot snapshot, UserPairs pairs, PairWriter batches) {
    this.history = history;
    this.packer = packer;
    this.snapshot = snapshot;
    this.pairs = pairs;
    this.batches = batches;
  }

  /**
   * Writes every user that differs in any of these revisions, once, and deletes those that are
   * gone. One earlier revision is in memory at a time.
   *
   * @param known a comparison that was made already
   * @return whether all revisions could be compared; otherwise not all users are written
   */
  Future<Boolean> write(List<Long> revisions, Optional<SnapshotDiff> known) {
    Iterator<Long> left = revisions.iterator();
    var isComplete = new AtomicBoolean(true);
    return Steps.whileThereIsMore(
            () ->
                left.hasNext()
                    ? diff(left.next(), known)
                        .compose(
                            diff -> {
                              isComplete.compareAndSet(true, diff.isPresent());
                              return diff.isPresent()
                                  ? write(diff.get()).map(done -> left.hasNext())
                                  : Future.succeededFuture(false);
                            })
                    : Future.succeededFuture(false))
        .map(done -> isComplete.get());
  }

  private Future<Optional<SnapshotDiff>> diff(long revision, Optional<SnapshotDiff> known) {
    return known.isPresent() && known.get().before().revision() == revision
        ? Future.succeededFuture(known)
        : history
            .snapshot(revision)
            .compose(before -> packer.blocking(() -> compared(before)))
            .recover(
                failure ->
                    failure instanceof RefusedException
                            || failure instanceof SnapshotFormatException
                        ? Future.succeededFuture(Optional.empty()) // gone, or not sound
                        : Future.failedFuture(failure));
  }

  private Optional<SnapshotDiff> compared(Snapshot before) {
    return Evidence.isTooUneven(before, snapshot)
        ? Optional.empty()
        : Optional.of(SnapshotDiff.between(before, snapshot));
  }

  private Future<Void> write(SnapshotDiff diff) {
    return packer
        .blocking(() -> users(diff))
        .compose(users -> batches.put(users.stream().iterator(), users.cardinality()))
        .compose(done -> batches.delete(removed(diff)));
  }

  private BitSet users(SnapshotDiff diff) {
    var users = new BitSet();
    diff.users()
        .filter(change -> change.kind() != UserChange.Kind.REMOVED)
        .forEach(change -> users.set(Packer.find(snapshot, change.userId())));
    users.andNot(written);
    written.or(users);
    return users;
  }

  private Iterator<String> removed(SnapshotDiff diff) {
    return diff.users()
        .filter(change -> change.kind() == UserChange.Kind.REMOVED)
        .map(change -> pairs.key(change.userId()))
        .iterator();
  }
}
