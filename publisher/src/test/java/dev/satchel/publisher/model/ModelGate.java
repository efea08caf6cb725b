package dev.satchel.publisher.model;

import dev.satchel.kv.KvException;
import dev.satchel.kv.KvReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's way to its edge. The client's own threads go by real time; whenever they come here,
 * they wait until the model lets an attempt through, so that they are at work only when the model
 * waits for them.
 */
final class ModelGate implements KvReader {
  private static final long DEADLINE_SECONDS = 60;
  private static final int TOO_MANY_REQUESTS = 429;

  private final ModelEdge edge;
  private boolean isOpen; // guarded by this
  private boolean isAtRest; // guarded by this
  private volatile boolean isLimited;

  ModelGate(ModelEdge edge) {
    this.edge = edge;
  }

  /** Lets the next attempt through, or the one that waits. */
  synchronized void open() {
    isOpen = true;
    notifyAll();
  }

  /** Lets no attempt through, if none came since it was opened. */
  synchronized void shut() {
    isOpen = false;
  }

  /** Whether the store asked for fewer calls when it was asked last. */
  boolean isLimited() {
    return isLimited;
  }

  /** Waits until an attempt that was begun has ended, or waits here for its turn. */
  synchronized void awaitRest(CompletionStage<?> attempt) {
    attempt.whenComplete((status, failure) -> rest());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    try {
      while (!isAtRest) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError("expected a client to come to rest within a minute");
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private synchronized void rest() {
    isAtRest = true;
    notifyAll();
  }

  private synchronized void pass() throws InterruptedException {
    rest();
    while (!isOpen) {
      wait();
    }
    isAtRest = false;
    isOpen = false;
  }

  /** The first question of each attempt. */
  @Override
  public Optional<Map<String, @Nullable Object>> metadata(String key) throws InterruptedException {
    pass();
    return answer(edge.metadata(key)).map(ModelGate::plain);
  }

  @Override
  public Optional<byte[]> value(String key, int expectedBytes) {
    return answer(edge.value(key)).map(Buffer::getBytes);
  }

  /** What an edge answers a reader, which it does at once. */
  private <T> T answer(Future<T> answered) {
    isLimited =
        answered.cause() instanceof KvException refused && refused.status() == TOO_MANY_REQUESTS;
    if (answered.failed()) {
      throw (KvException) answered.cause();
    }
    return answered.result();
  }

  /** Maps within maps, as a reader over HTTP gives them. */
  private static Map<String, @Nullable Object> plain(JsonObject json) {
    Map<String, @Nullable Object> members = new HashMap<>();
    json.getMap()
        .forEach(
            (name, member) ->
                members.put(name, member instanceof JsonObject inner ? plain(inner) : member));
    return members;
  }
}
