package dev.satchel.publisher.store;

import dev.satchel.kv.Digests;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The published revisions that can still be looked at. Safe for any thread. */
public final class History {
  private final Vertx vertx;
  private final PublishedKey key;
  private final Seal seal;

  /**
   * Creates the history of a key.
   *
   * @param seal checks the signature of a revision before it is opened
   */
  public History(Vertx vertx, PublishedKey key, Seal seal) {
    this.vertx = vertx;
    this.key = key;
    this.seal = seal;
  }

  /** Lists all revisions, newest first, including the one in use. */
  public Future<List<HistoryEntry>> list() {
    return inUse()
        .compose(
            inUse ->
                key.copies()
                    .compose(copies -> key.pairLog().map(pairs -> entries(inUse, copies, pairs))));
  }

  /** Returns the metadata of the snapshot in use, including its hold. */
  public Future<Optional<SnapshotMetadata>> inUse() {
    return key.shown().map(key::latest);
  }

  /**
   * Opens a revision on a worker thread.
   *
   * @return fails with a {@link RefusedException} if there is no such copy, if it does not match
   *     its metadata, or if no trusted key has signed it
   */
  public Future<Snapshot> snapshot(long revision) {
    return key.copyMetadata(revision)
        .compose(
            copy ->
                copy.isPresent()
                    ? key.copy(revision).compose(value -> opened(copy.get(), value))
                    : inUse()
                        .compose(
                            inUse ->
                                inUse.isPresent() && inUse.get().revision() == revision
                                    ? key.value().compose(value -> opened(inUse.get(), value))
                                    : Future.failedFuture(missing(revision))));
  }

  /**
   * Looks for a user in the next revision, on a worker thread. One that is gone or not sound is
   * noted as such.
   *
   * @param user has looked at the revisions before this one
   */
  public Future<Void> look(UserHistory user, HistoryEntry entry) {
    return snapshot(entry.revision())
        .compose(
            snapshot ->
                vertx.<Void>executeBlocking(
                    () -> {
                      user.look(entry, snapshot);
                      return null;
                    },
                    false))
        .recover(
            failure -> {
              if (failure instanceof RefusedException
                  || failure instanceof SnapshotFormatException) {
                user.skip(entry, String.valueOf(failure.getMessage()));
                return Future.succeededFuture();
              }
              return Future.failedFuture(failure);
            });
  }

  private Future<Snapshot> opened(SnapshotMetadata metadata, Optional<Buffer> value) {
    if (value.isEmpty()) {
      return Future.failedFuture(missing(metadata.revision()));
    }
    return vertx.executeBlocking(
        () -> {
          byte[] bytes = value.get().getBytes();
          String sha256 = Digests.sha256(bytes);
          if (!sha256.equals(metadata.sha256())) {
            throw new RefusedException(
                "expected revision %d to have the sha256 %s of its metadata but found %s"
                    .formatted(metadata.revision(), metadata.sha256(), sha256));
          }
          seal.check(bytes, "revision " + metadata.revision());
          Snapshot snapshot = ValueLimits.open(bytes);
          if (snapshot.revision() != metadata.revision()) {
            throw new RefusedException(
                "expected revision %d but found revision %d in its value"
                    .formatted(metadata.revision(), snapshot.revision()));
          }
          return snapshot;
        },
        false);
  }

  private RefusedException missing(long revision) {
    return new RefusedException(
        "expected a copy %s but found none; satchel history lists the copies there are"
            .formatted(key.copyKey(revision)));
  }

  private static List<HistoryEntry> entries(
      Optional<SnapshotMetadata> inUse, List<SnapshotMetadata> copies, PairLog pairs) {
    List<HistoryEntry> entries = new ArrayList<>();
    boolean isListed = false;
    for (SnapshotMetadata copy : copies) {
      boolean isInUse = inUse.isPresent() && inUse.get().revision() == copy.revision();
      isListed |= isInUse;
      // only the metadata in use tells whether it is held
      entries.add(
          new HistoryEntry(isInUse ? inUse.get() : copy, isInUse, pairs.of(copy.revision())));
    }
    if (inUse.isPresent() && !isListed) {
      entries.add( // copies may be turned off
          0, new HistoryEntry(inUse.get(), true, pairs.of(inUse.get().revision())));
    }
    return List.copyOf(entries);
  }
}
