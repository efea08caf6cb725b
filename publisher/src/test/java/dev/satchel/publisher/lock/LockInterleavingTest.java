package dev.satchel.publisher.lock;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.time.Time;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two publishers do their steps in every order there is, over the locks of a real PostgreSQL: no
 * two of them write at once, and nobody writes without the lock.
 */
@Timeout(120)
class LockInterleavingTest {
  /** What a publisher does, and what befalls it. */
  enum Step {
    TAKE,
    /** Its write goes through the gate, which asks for the lock again, and stays under way. */
    WRITE,
    WRITTEN,
    RELEASE,
    /** The server ends its session. Nobody waits until it has noticed. */
    LOSE
  }

  private static final List<Step> WELL = List.of(Step.TAKE, Step.WRITE, Step.WRITTEN, Step.RELEASE);
  private static final List<Step> WELL_TO_THE_END = List.of(Step.TAKE, Step.WRITE, Step.WRITTEN);
  private static final List<Step> LOST_BEFORE_THE_WRITE =
      List.of(Step.TAKE, Step.LOSE, Step.WRITE, Step.WRITTEN, Step.RELEASE);
  private static final List<Step> LOST_DURING_THE_WRITE =
      List.of(Step.TAKE, Step.WRITE, Step.LOSE, Step.WRITTEN, Step.RELEASE);
  private static final List<Step> TAKEN_AGAIN =
      List.of(Step.TAKE, Step.LOSE, Step.TAKE, Step.WRITE, Step.WRITTEN, Step.RELEASE);

  private static final String NAMESPACE = "interleaving/local";
  private static final String KEY = "key user-configs";
  private static final long NUMBER = WriterLock.number(NAMESPACE, KEY);

  private static final String HOLDER =
      """
      SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
        AND ((classid::bigint << 32) | objid::bigint) = $1
      """;

  private final DatabaseSettings settings = SharedDatabase.settings();
  private final PgConnection database = await(settings.connect(SharedDatabase.vertx()));
  private final Writer one = new Writer("one");
  private final Writer other = new Writer("other");

  @AfterEach
  void close() {
    await(database.close());
    await(one.lock.close());
    await(other.lock.close());
  }

  @Test
  void twoPublishersThatAreWellNeverWriteAtOnce() {
    assertThat(explore(WELL, WELL)).isEqualTo(70);
  }

  @Test
  void aPublisherThatLosesItsLockBeforeItWritesDoesNotWrite() {
    assertThat(explore(LOST_BEFORE_THE_WRITE, WELL_TO_THE_END)).isEqualTo(56);
  }

  @Test
  void aLockThatIsLostDuringAWriteIsTheOnlyWayToAnOverlap() {
    assertThat(explore(LOST_DURING_THE_WRITE, WELL_TO_THE_END)).isEqualTo(56);
  }

  @Test
  void aPublisherThatTakesItsLostLockAgainWritesOnlyIfNobodyElseHasIt() {
    assertThat(explore(TAKEN_AGAIN, WELL_TO_THE_END)).isEqualTo(84);
  }

  @Test
  void turnsOfOneProcessAndOfAnotherNeverOverlapWhateverOrderTheyAreAskedIn() {
    for (List<Integer> order :
        List.of(
            List.of(0, 1, 2),
            List.of(0, 2, 1),
            List.of(1, 0, 2),
            List.of(1, 2, 0),
            List.of(2, 0, 1),
            List.of(2, 1, 0))) {
      var ours = turns(one.lock);
      var theirs = turns(other.lock);
      List<WriterTurns> turns = List.of(ours, ours, theirs);
      var active = new ArrayList<Integer>();
      List<Future<Void>> done = new ArrayList<>();
      for (int number : order) {
        Supplier<Future<Void>> work =
            () -> {
              synchronized (active) {
                active.add(number);
                assertThat(active).describedAs("asked in the order %s", order).hasSize(1);
              }
              return database
                  .preparedQuery(HOLDER)
                  .execute(Tuple.of(NUMBER))
                  .onSuccess(
                      held -> {
                        synchronized (active) {
                          active.clear();
                        }
                      })
                  .mapEmpty();
            };
        done.add(turns.get(number).run(work));
      }
      await(Future.all(done));
    }
  }

  private static WriterTurns turns(WriterLock lock) {
    return new WriterTurns(
        Time.of(SharedDatabase.vertx()), lock, new WriteGate(), Duration.ofSeconds(30));
  }

  /** Runs every order in which the two can do their steps; how many there are. */
  private int explore(List<Step> ofOne, List<Step> ofOther) {
    int[] count = {0};
    interleave(
        ofOne,
        ofOther,
        new ArrayList<>(),
        order -> {
          run(order, ofOne, ofOther);
          count[0]++;
        });
    return count[0];
  }

  private interface Orders {
    /** True for a step of the first. */
    void order(List<Boolean> steps);
  }

  private static void interleave(
      List<Step> ofOne, List<Step> ofOther, List<Boolean> soFar, Orders orders) {
    if (ofOne.isEmpty() && ofOther.isEmpty()) {
      orders.order(List.copyOf(soFar));
      return;
    }
    for (boolean isFirst : new boolean[] {true, false}) {
      List<Step> next = isFirst ? ofOne : ofOther;
      if (!next.isEmpty()) {
        List<Step> rest = next.subList(1, next.size());
        soFar.add(isFirst);
        interleave(isFirst ? rest : ofOne, isFirst ? ofOther : rest, soFar, orders);
        soFar.remove(soFar.size() - 1);
      }
    }
  }

  private void run(List<Boolean> order, List<Step> ofOne, List<Step> ofOther) {
    var done = new ArrayList<String>();
    int[] next = {0, 0};
    for (boolean isFirst : order) {
      Step step = isFirst ? ofOne.get(next[0]++) : ofOther.get(next[1]++);
      Writer writer = isFirst ? one : other;
      done.add(writer.name + " " + step);
      writer.step(step, String.join(", ", done));
      if (one.isWriting() && other.isWriting()) {
        assertThat(one.hasLostWhileWriting || other.hasLostWhileWriting)
            .describedAs("two write at once: %s", done)
            .isTrue();
      }
    }
    await(one.lock.release());
    await(other.lock.release());
    assertThat(holder()).describedAs("after %s", done).isNull();
  }

  /** The session that has the lock, or null. */
  private @Nullable Integer holder() {
    for (Row row : await(database.preparedQuery(HOLDER).execute(Tuple.of(NUMBER)))) {
      return row.getInteger("pid");
    }
    return null;
  }

  /** A publisher's lock and gate, and what is known of it from outside. */
  private final class Writer {
    private final String name;
    private final WriterLock lock =
        new WriterLock(SharedDatabase.vertx(), settings, NAMESPACE, KEY);
    private final WriteGate gate = new WriteGate(lock::confirm);
    private @Nullable Integer session;
    private @Nullable Promise<Void> writing;
    private boolean hasLostWhileWriting;

    Writer(String name) {
      this.name = name;
    }

    boolean isWriting() {
      return writing != null;
    }

    private boolean hasLock() {
      Integer holder = holder();
      return holder != null && holder.equals(session);
    }

    void step(Step step, String done) {
      switch (step) {
        case TAKE -> take(done);
        case WRITE -> write(done);
        case WRITTEN -> {
          if (writing != null) {
            writing.complete();
          }
          writing = null;
          hasLostWhileWriting = false;
        }
        case RELEASE -> {
          await(lock.release());
          assertThat(hasLock()).describedAs("%s", done).isFalse();
        }
        case LOSE -> {
          if (hasLock()) {
            await(
                database
                    .preparedQuery("SELECT pg_terminate_backend($1, 10000)")
                    .execute(Tuple.of(session)));
            hasLostWhileWriting = isWriting();
          }
        }
      }
    }

    private void take(String done) {
      Integer before = holder();
      if (before == null) {
        await(lock.take());
        session = holder();
        assertThat(session).describedAs("%s", done).isNotNull();
      } else {
        assertThatThrownBy(() -> await(lock.take()))
            .describedAs("%s", done)
            .isInstanceOf(RefusedException.class);
      }
    }

    private void write(String done) {
      boolean mayWrite = hasLock();
      Promise<Void> begun = Promise.promise();
      Promise<Void> written = Promise.promise();
      Future<Void> write =
          gate.write(
              () -> {
                begun.complete();
                return written.future();
              });
      write.onFailure(begun::tryFail);
      if (mayWrite) {
        await(begun.future());
        writing = written;
      } else {
        assertThatThrownBy(() -> await(begun.future()))
            .describedAs("%s", done)
            .isInstanceOf(RefusedException.class);
      }
    }
  }
}
