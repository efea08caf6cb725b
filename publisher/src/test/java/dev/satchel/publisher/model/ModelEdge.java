package dev.satchel.publisher.model;

import dev.satchel.kv.KvException;
import dev.satchel.publisher.kv.KeyPage;
import dev.satchel.publisher.kv.KvPair;
import dev.satchel.publisher.kv.NamespaceReader;
import dev.satchel.publisher.kv.NamespaceWriter;
import dev.satchel.publisher.model.ModelStore.Pair;
import dev.satchel.publisher.model.ModelStore.Version;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The store as one process sees it: answers that are a minute old, faults, and the death of the
 * process between two calls. Used by one thread at a time.
 */
final class ModelEdge implements NamespaceReader, NamespaceWriter {

  /** How much goes wrong. */
  enum Weather {
    /** Nothing goes wrong. */
    CLEAR(0, 0),
    CALM(0, 0.06),
    /** Most reads come through, so that there are writes to go wrong. */
    ROUGH(0.1, 0.4),
    DOWN(1, 1);

    private final double ofReads;
    private final double ofWrites;

    Weather(double ofReads, double ofWrites) {
      this.ofReads = ofReads;
      this.ofWrites = ofWrites;
    }
  }

  /** What goes wrong with a call. */
  private enum Fault {
    NONE,
    REFUSED,
    LIMITED,
    NO_ANSWER,
    CUT,
    DAMAGED,
    LOST_ANSWER,
    FORGOTTEN,
    /** Given up on, and yet it takes effect, minutes later. */
    LATE;

    private static final List<Fault> OF_READS = List.of(REFUSED, LIMITED, NO_ANSWER);
    private static final List<Fault> OF_VALUES = List.of(REFUSED, LIMITED, NO_ANSWER, CUT, DAMAGED);
    private static final List<Fault> OF_WRITES =
        List.of(
            REFUSED,
            LIMITED,
            NO_ANSWER,
            LOST_ANSWER,
            LOST_ANSWER,
            FORGOTTEN,
            FORGOTTEN,
            LATE,
            LATE,
            LATE,
            LATE,
            LATE,
            LATE);

    /** Without one that is forgotten: nobody reads a million pairs back. */
    private static final List<Fault> OF_PAIRS =
        OF_WRITES.stream().filter(fault -> fault != FORGOTTEN).toList();
  }

  private final String name;
  private final ModelWorld world;
  private final @Nullable ModelPublisher owner;
  private Weather weather = Weather.CALM;
  private Instant lastFault = Instant.MIN;
  private Instant lastLook = Instant.MIN;
  private @Nullable Version lastSeen;

  /**
   * @param owner whose calls these are, or null for a reader's
   */
  ModelEdge(String name, ModelWorld world, @Nullable ModelPublisher owner) {
    this.name = name;
    this.world = world;
    this.owner = owner;
  }

  void set(Weather next) {
    weather = next;
  }

  /** When something last went wrong here. */
  Instant lastFault() {
    return lastFault;
  }

  /** When the metadata of the key was last asked for. */
  Instant lastLook() {
    return lastLook;
  }

  @Override
  public Future<Optional<Buffer>> value(String key) {
    return call(
        "value of " + key,
        Fault.OF_VALUES,
        fault -> {
          if (ModelWorld.isPatch(key)) {
            world.trace().count("patch asked for");
          }
          Optional<Buffer> value = seen(key).map(Pair::value).map(Buffer::copy);
          return Future.succeededFuture(
              value.map(
                  bytes ->
                      switch (fault) {
                        case CUT -> bytes.getBuffer(0, bytes.length() / 2);
                        case DAMAGED -> damaged(bytes);
                        default -> bytes;
                      }));
        });
  }

  @Override
  public Future<Optional<JsonObject>> metadata(String key) {
    return call(
        "metadata of " + key,
        Fault.OF_READS,
        fault -> {
          if (key.equals(ModelWorld.KEY)) {
            lastLook = world.now();
          }
          return Future.succeededFuture(seen(key).map(Pair::metadata).map(JsonObject::copy));
        });
  }

  @Override
  public Future<KeyPage> keys(String prefix, @Nullable String cursor) {
    return call(
        "keys",
        Fault.OF_READS,
        fault -> Future.succeededFuture(new KeyPage(world.store().keys(prefix), null)));
  }

  @Override
  public Future<Void> put(
      String key, Buffer value, @Nullable JsonObject metadata, @Nullable Duration timeToLive) {
    var pair = new Pair(value.copy(), metadata == null ? new JsonObject() : metadata.copy());
    return write(
        "put " + key,
        Fault.OF_WRITES,
        () -> world.put(publisher(), key, pair),
        () -> world.putLate(publisher(), key, pair));
  }

  @Override
  public Future<Void> delete(String key) {
    return deleteAll(List.of(key));
  }

  @Override
  public Future<Void> putAll(List<KvPair> pairs) {
    return write(
        "put pairs",
        Fault.OF_PAIRS,
        () -> pairs.forEach(pair -> world.put(publisher(), pair.key(), of(pair))),
        () -> pairs.forEach(pair -> world.putLate(publisher(), pair.key(), of(pair))));
  }

  private static Pair of(KvPair pair) {
    JsonObject metadata = pair.metadata();
    return new Pair(pair.value().copy(), metadata == null ? new JsonObject() : metadata.copy());
  }

  @Override
  public Future<Void> deleteAll(List<String> keys) {
    boolean areOfPairs = keys.stream().anyMatch(key -> key.startsWith(ModelWorld.PREFIX));
    return write(
        "delete " + keys,
        areOfPairs ? Fault.OF_PAIRS : Fault.OF_WRITES,
        () -> keys.forEach(world::delete),
        () -> world.deleteLate(keys));
  }

  private ModelPublisher publisher() {
    if (owner == null) {
      throw new AssertionError("expected no write of reader " + name);
    }
    return owner;
  }

  private Future<Void> write(
      String what, List<Fault> faults, Runnable effect, Runnable lateEffect) {
    return call(
        what,
        faults,
        fault -> {
          if (fault == Fault.LATE) {
            lateEffect.run();
          } else if (fault != Fault.FORGOTTEN) {
            effect.run();
          }
          if (fault == Fault.LOST_ANSWER || fault == Fault.LATE) {
            return failed(what, KvException.NO_STATUS);
          }
          return Future.succeededFuture();
        });
  }

  /** What a call comes to, given what goes wrong with it. */
  private interface Effect<T> {
    Future<T> of(Fault fault);
  }

  private <T> Future<T> call(String what, List<Fault> faults, Effect<T> effect) {
    world.tick();
    Supplier<Future<T>> act = () -> act(what, faults, effect);
    return owner == null ? act.get() : owner.interrupted(what, act);
  }

  private <T> Future<T> act(String what, List<Fault> faults, Effect<T> effect) {
    Fault fault = Fault.NONE;
    double share = isWrite(faults) ? weather.ofWrites : weather.ofReads;
    if (share > 0 && world.random().nextDouble() < share) {
      fault = faults.get(world.random().nextInt(faults.size()));
      lastFault = world.now();
      world.trace().count(kind(fault, faults));
      world.trace().note("%s: %s %s".formatted(name, what, fault));
    }
    return switch (fault) {
      case REFUSED -> failed(what, 503);
      case LIMITED -> failed(what, 429);
      case NO_ANSWER -> failed(what, KvException.NO_STATUS);
      default -> effect.of(fault);
    };
  }

  private static boolean isWrite(List<Fault> faults) {
    return faults == Fault.OF_WRITES || faults == Fault.OF_PAIRS;
  }

  private static String kind(Fault fault, List<Fault> faults) {
    return "%s %s"
        .formatted(
            isWrite(faults) ? "write" : "read",
            fault.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
  }

  private static <T> Future<T> failed(String what, int status) {
    return Future.failedFuture(
        new KvException(
            "expected status 200 to %s but found %d".formatted(what, status), status, 0));
  }

  private Optional<Pair> seen(String key) {
    List<Version> visible = world.store().visible(key, world.now());
    int back = 0;
    int before = visible.indexOf(lastSeen);
    if (before > 0 && world.random().nextInt(4) > 0) {
      back = before; // value and metadata are cached alike
    } else if (visible.size() > 1 && world.random().nextInt(3) == 0) {
      back = world.random().nextInt(visible.size());
      if (back > 0) {
        world.trace().count("read stale");
        world.trace().note("%s: stale %s".formatted(name, key));
      }
    }
    lastSeen = visible.get(back);
    return Optional.ofNullable(lastSeen.pair());
  }

  private Buffer damaged(Buffer value) {
    int at = world.random().nextInt(value.length());
    return value.setByte(at, (byte) (value.getByte(at) ^ (1 + world.random().nextInt(255))));
  }

  /** Never completes, as nothing does for a process that is gone. */
  static <T> Future<T> never() {
    return Promise.<T>promise().future();
  }
}
