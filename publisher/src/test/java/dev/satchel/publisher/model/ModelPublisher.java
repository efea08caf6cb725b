package dev.satchel.publisher.model;

import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.lock.WriterLock;
import dev.satchel.publisher.lock.WriterTurns;
import dev.satchel.publisher.publish.Progress;
import dev.satchel.publisher.publish.PublishOutcome;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.publish.Publishing;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.source.PostgresSource;
import dev.satchel.publisher.store.Hold;
import dev.satchel.publisher.time.Time;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A publisher's process that may die between two calls. */
final class ModelPublisher {
  private static final Duration SETTLE = Duration.ofSeconds(60);

  private static final DatabaseSettings DATABASE = SharedDatabase.settings();

  /** What comes between two calls of a publication. */
  enum Interruption {
    CRASH_BEFORE,
    CRASH_AFTER,
    LOST_LOCK,
    SECOND_PUBLISHER,
    LOST_LOCK_AND_SECOND_PUBLISHER,
    ROWS_CHANGE,
    TIME_PASSES
  }

  /** What a process is asked to do. */
  enum Kind {
    PUBLISH,
    ROLLBACK,
    RESUME
  }

  /**
   * What a process is doing.
   *
   * @param target of a rollback, else 0
   */
  record Operation(Kind kind, Instant since, long target) {}

  final String name;
  final ModelEdge edge;
  private final ModelWorld world;
  private final WriterLock lock;
  private final Publishing publishing;
  private final WriterTurns turns;
  private final Promise<Void> death = Promise.promise();

  private Operation operation = new Operation(Kind.PUBLISH, Instant.MIN, 0);
  private SortedMap<String, ModelRow> rowsRead = new TreeMap<>();
  private volatile Future<Void> reading = Future.succeededFuture();
  private @Nullable Interruption armed;
  private int callsUntilArmed;
  private boolean lostLock;

  ModelPublisher(String name, ModelWorld world, PublisherSettings settings) {
    this.name = name;
    this.world = world;
    var vertx = SharedDatabase.vertx();
    edge = new ModelEdge(name, world, this);
    lock = new WriterLock(vertx, DATABASE, ModelWorld.NAMESPACE, settings.target());
    var gate = new WriteGate(lock::confirm);
    // its own clock is wrong, the database's, by which revisions are made, is the model's
    Time own = world.time().off(Duration.ofSeconds(world.random().nextInt(-60, 60)));
    var source = new PostgresSource(vertx, DATABASE, settings.query(), settings.stallTimeout());
    publishing =
        new Publishing(
            new Publishing.World(
                vertx,
                edge,
                edge,
                (sink, anyAge) -> {
                  reading = read(vertx, () -> source.read(sink));
                  return reading;
                },
                own,
                world.time(),
                Progress.NONE),
            settings,
            gate);
    turns = new WriterTurns(own, lock, gate, settings.lockWait());
  }

  /**
   * Notes the rows and reads them. Both wait until a change that came first has been made, and the
   * reading goes on where it was called: the publication asks the store at the same time.
   */
  private Future<Void> read(Vertx vertx, Supplier<Future<Void>> source) {
    Context caller = vertx.getOrCreateContext();
    return world
        .later(() -> rowsRead = world.rows())
        .compose(
            noted ->
                Future.future(read -> caller.runOnContext(go -> source.get().onComplete(read))));
  }

  /** Changes rows, but not while they are read: a seed would not say which of them were seen. */
  private Future<Void> changeRows() {
    return reading.otherwiseEmpty().compose(read -> world.later(world::changeRows));
  }

  /** Completes when the process dies. */
  Future<Void> death() {
    return death.future();
  }

  Operation operation() {
    return operation;
  }

  /** The rows that the publication under way, or the last, has read. */
  SortedMap<String, ModelRow> rowsRead() {
    return rowsRead;
  }

  /** Whether the lock was taken away in the operation under way, or the last. */
  boolean lostLock() {
    return lostLock;
  }

  /** Something is to happen before the n-th call from now on; null for nothing. */
  void arm(@Nullable Interruption what, int calls) {
    armed = what;
    callsUntilArmed = calls;
  }

  Future<PublishOutcome> publish() {
    begin(Kind.PUBLISH, 0);
    return turns.run(() -> publishing.publication().publish().map(PublishOutcome.class::cast));
  }

  Future<PublishOutcome> rollback(long revision) {
    begin(Kind.ROLLBACK, revision);
    return turns.run(
        () ->
            publishing
                .rollback()
                .to(revision, "")
                .compose(outcome -> world.time().pause(SETTLE).map(outcome)));
  }

  Future<Optional<Hold>> resume() {
    begin(Kind.RESUME, 0);
    return turns.run(publishing.rollback()::resume);
  }

  private void begin(Kind kind, long target) {
    operation = new Operation(kind, world.now(), target);
    lostLock = false;
  }

  /** Gives the lock back; all that this process has begun stays undone. */
  Future<Void> close() {
    return lock.close();
  }

  /** Makes a call of this process, unless something comes between. */
  <T> Future<T> interrupted(String what, Supplier<Future<T>> call) {
    if (death.future().isComplete()) {
      return ModelEdge.never();
    }
    Interruption now = armed;
    if (now == null || --callsUntilArmed > 0) {
      return call.get();
    }
    boolean isTheWrite = what.equals("put " + ModelWorld.KEY);
    if (now == Interruption.LOST_LOCK_AND_SECOND_PUBLISHER && isTheWrite) {
      return call.get(); // behind the last look at the lock nothing could keep it from landing
    }
    armed = null;
    world.trace().count(now.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
    world.trace().note("%s: %s at %s".formatted(name, now, what));
    return switch (now) {
      case CRASH_BEFORE -> die();
      case CRASH_AFTER -> call.get().transform(any -> die());
      case LOST_LOCK -> world.later(this::loseLock).compose(then -> call.get());
      case SECOND_PUBLISHER -> world.later(() -> world.second(this)).compose(then -> call.get());
      case LOST_LOCK_AND_SECOND_PUBLISHER ->
          world
              .later(
                  () -> {
                    loseLock();
                    world.second(this);
                  })
              .compose(then -> call.get());
      case ROWS_CHANGE -> changeRows().compose(then -> call.get());
      case TIME_PASSES ->
          world
              .later(() -> world.pass(Duration.ofSeconds(1 + world.random().nextInt(30))))
              .compose(then -> call.get());
    };
  }

  private void loseLock() {
    lostLock = true;
    world.endLockHolder();
  }

  private <T> Future<T> die() {
    death.tryComplete();
    return ModelEdge.never();
  }
}
