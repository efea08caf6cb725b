package dev.satchel.publisher.publish;

import dev.satchel.kv.Digests;
import dev.satchel.publisher.lock.StoppedException;
import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.source.UserSink;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotEncoder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads all users and packs them into a snapshot, which is opened again and compared. */
public final class Packer {
  public static final String READ = "read";
  private static final String ENCODE = "encode";
  private static final String CHECK = "check";
  private static final int USERS_AT_ONCE = 1 << 12;

  /** Where the users come from. */
  public interface Source {
    /**
     * Hands every user to the sink, or fails; the sink's exceptions fail it too.
     *
     * @param anyAge whether a source that lags is good enough
     */
    Future<Void> read(UserSink sink, boolean anyAge);
  }

  /** Refuses a user whose config takes too many bytes. */
  interface UserCheck {
    void check(Object id, long bytes);
  }

  /** A snapshot, the value it was opened from, which nobody changes, and what both say. */
  @SuppressWarnings("ArrayRecordComponent") // packed once, never compared; a copy would be 25 MiB
  record Packed(byte[] value, Snapshot snapshot, SnapshotMetadata metadata) {}

  private final Vertx vertx;
  private final Source source;
  private final Seal seal;
  private final WriteGate gate;
  private final Progress progress;
  private final UserCheck userCheck;

  /**
   * @param userCheck is asked about each user, unless a person has accepted everything
   */
  Packer(
      Vertx vertx,
      Source source,
      Seal seal,
      WriteGate gate,
      Progress progress,
      UserCheck userCheck) {
    this.vertx = vertx;
    this.source = source;
    this.seal = seal;
    this.gate = gate;
    this.progress = progress;
    this.userCheck = userCheck;
  }

  /** All users, who are not packed yet. */
  interface AllUsers {
    /** Encodes them, opens the snapshot and compares, on worker threads. To be called once. */
    Future<Packed> pack(long revision, Instant publishedAt, StageTimes times);
  }

  /**
   * Reads all users.
   *
   * @param expectedUsers for the time left, 0 when unknown
   * @param isAccepted whether a source that lags and a user of any size are good enough
   * @param meanwhile if it fails, no more users are read, and the reading fails
   */
  Future<AllUsers> read(
      long expectedUsers, boolean isAccepted, Future<?> meanwhile, StageTimes times) {
    var users = new Users(expectedUsers, isAccepted, meanwhile);
    return times
        .time(READ, () -> source.read(users, isAccepted).onSuccess(all -> users.report()))
        .map(users);
  }

  /** Reads all users and packs them. */
  Future<Packed> pack(
      long revision,
      Instant publishedAt,
      long expectedUsers,
      boolean isAccepted,
      StageTimes times) {
    return read(expectedUsers, isAccepted, Future.succeededFuture(), times)
        .compose(users -> users.pack(revision, publishedAt, times));
  }

  /** Runs work on a worker thread, unless the gate is closed. */
  <T> Future<T> blocking(java.util.concurrent.Callable<T> work) {
    gate.check();
    return vertx.executeBlocking(work);
  }

  /** The users of one reading: the encoder that packs them, and the tally that proves it did. */
  private final class Users implements UserSink, AllUsers {
    private static final int USERS_PER_REPORT = 1024;

    private final long expected;
    private final boolean isAccepted;
    private final Future<?> meanwhile;
    private final UserTally tally = new UserTally(Snapshot.ABSENT);
    private @Nullable SnapshotEncoder encoder;
    private List<String> names = List.of();

    Users(long expected, boolean isAccepted, Future<?> meanwhile) {
      this.expected = expected;
      this.isAccepted = isAccepted;
      this.meanwhile = meanwhile;
    }

    @Override
    public void fields(List<String> names) {
      this.names = List.copyOf(names);
      encoder = new SnapshotEncoder(names);
    }

    @Override
    public void user(Object id, @Nullable Object[] values, int[] numbers) {
      long before = tally.bytes();
      tally.add(id, values, numbers);
      if (!isAccepted) {
        userCheck.check(id, tally.bytes() - before); // before it is packed, which costs more
      }
      Objects.requireNonNull(encoder, "the fields come before the first user")
          .add(id, values, numbers);
      if (tally.users() % USERS_PER_REPORT == 0) {
        gate.check();
        if (meanwhile.failed()) {
          throw new StoppedException();
        }
        report();
      }
    }

    void report() {
      progress.read(tally.users(), tally.bytes(), expected);
    }

    @Override
    public Future<Packed> pack(long revision, Instant publishedAt, StageTimes times) {
      return times
          .time(ENCODE, () -> blocking(() -> encode(revision, publishedAt)))
          .compose(value -> times.time(CHECK, () -> blocking(() -> openedAgain(value))));
    }

    private byte[] encode(long revision, Instant publishedAt) {
      var full = Objects.requireNonNull(encoder, "a reading without users still has fields");
      encoder = null; // or every row would stay in memory while the snapshot is opened
      return seal.on(full.encode(revision, publishedAt));
    }

    private Packed openedAgain(byte[] value) {
      ForkJoinTask<String> digest = ForkJoinPool.commonPool().submit(() -> Digests.sha256(value));
      Snapshot snapshot = Snapshot.open(value);
      if (!snapshot.fieldNames().equals(names)) {
        throw new RefusedException(
            "expected to read back the fields %s but found %s in the encoded snapshot"
                .formatted(names, snapshot.fieldNames()));
      }
      UserTally found = tallyOf(snapshot);
      if (!tally.agreesWith(found)) {
        throw new RefusedException(
            ("expected to read back the %,d users as they were read but found %,d users that"
                    + " differ in the encoded snapshot; nothing was written, please report this")
                .formatted(tally.users(), found.users()));
      }
      return new Packed(value, snapshot, SnapshotMetadata.of(snapshot, digest.join()));
    }
  }

  /** Counts every user the way readers look them up: by its id and then by its fields. */
  static UserTally tallyOf(Snapshot snapshot) {
    List<Field> fields =
        snapshot.fieldNames().stream()
            .map(name -> Objects.requireNonNull(snapshot.field(name), name))
            .toList();
    return IntStream.rangeClosed(0, snapshot.users() / USERS_AT_ONCE)
        .parallel()
        .mapToObj(part -> tallyOf(snapshot, fields, part * USERS_AT_ONCE))
        .collect(() -> new UserTally(Snapshot.ABSENT), UserTally::add, UserTally::add);
  }

  /** Counts the users from one on, at most {@link #USERS_AT_ONCE}. */
  private static UserTally tallyOf(Snapshot snapshot, List<Field> fields, int from) {
    var tally = new UserTally(Snapshot.ABSENT);
    @Nullable Object[] values = new @Nullable Object[fields.size()];
    var ids = new Object[Math.min(USERS_AT_ONCE, snapshot.users() - from)];
    snapshot.ids(from, ids);
    for (int user = from; user < from + ids.length; user++) {
      Object id = ids[user - from];
      int found = find(snapshot, id);
      if (found != user) {
        throw new RefusedException(
            "expected to find user number %d by its id but found number %d".formatted(user, found));
      }
      for (int i = 0; i < values.length; i++) {
        values[i] = fields.get(i).value(user);
      }
      tally.add(id, values);
    }
    return tally;
  }

  /** Returns the number of the user with an id as {@link Snapshot#id} gives it. */
  static int find(Snapshot snapshot, Object id) {
    if (id instanceof java.util.UUID uuid) {
      return snapshot.find(uuid);
    }
    return id instanceof Long number ? snapshot.find(number) : snapshot.find((String) id);
  }
}
