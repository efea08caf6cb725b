package dev.satchel.publisher.lock;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.publisher.RunningSatchel;
import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.publish.Progress;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.text.HostName;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.wiring.Assembly;
import dev.satchel.publisher.wiring.Connections;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OneWriterTest {
  private static final String NAMESPACE = "local/local";

  private final Workbench bench;

  OneWriterTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void publishSaysWhoHoldsTheLockAndWritesNothing() {
    var other = lock();
    await(other.take());
    var satchel = bench.satchel();

    assertThat(satchel.run("publish", "--lock-wait", "0")).isEqualTo(1);

    assertThat(satchel.err().lines())
        .singleElement()
        .asString()
        .contains("only publisher of key user-configs", HostName.cut("satchel on ", 63), "session");
    assertThat(await(bench.kv().value("user-configs"))).isEmpty();
    await(other.close());
    assertThat(satchel.run("publish")).isZero();
  }

  @Test
  void anotherKeyIsAnotherLock() {
    var other = lock();
    await(other.take());

    assertThat(bench.satchel().run("publish", "--key", "others")).isZero();

    await(other.close());
  }

  @Test
  void theSecondTakesOverWhenTheSessionOfTheFirstIsKilled() {
    var first = lock();
    await(first.take());
    var second = lock();

    Future<Void> turn = second.takeInTurn(new WriteGate(), why -> {});
    assertThatThrownBy(() -> await(lock().take())).isInstanceOf(RefusedException.class);
    assertThat(turn.isComplete()).isFalse();
    killHolder("key user-configs");

    await(turn);
    await(second.confirm());
    assertThatThrownBy(() -> await(first.confirm())).hasMessageContaining("is gone");
    await(second.close());
  }

  @Test
  void whoeverWaitsCanBeStopped() {
    var first = lock();
    await(first.take());
    var gate = new WriteGate();

    Future<Void> turn = lock().takeInTurn(gate, why -> {});
    await(gate.close());

    assertThatThrownBy(() -> await(turn)).isInstanceOf(StoppedException.class);
    await(first.close());
  }

  @Test
  void aPublisherThatLosesItsLockInTheMiddleOfARunDoesNotWrite() throws Exception {
    bench.satchel().run("publish");
    Buffer before = bench.value("user-configs");
    bench.sql("UPDATE %s SET plan = 'team' WHERE id = 'bob'");
    // the query itself ends the session that holds the lock, between two of its rows
    String query =
        """
        SELECT id, preview, plan,
               (SELECT count(pg_terminate_backend(pid)) FROM pg_locks
                WHERE locktype = 'advisory' AND pid <> pg_backend_pid()
                  AND ((classid::bigint << 32) | objid::bigint) = %d) AS ended
        FROM %s"""
            .formatted(WriterLock.number(NAMESPACE, "key user-configs"), bench.table);

    assertThatThrownBy(() -> publish(Map.of("SATCHEL_QUERY", query)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("held its lock is gone");

    assertThat(bench.value("user-configs")).isEqualTo(before);
    assertThat(await(bench.kv().keys("user-configs", null)).keys()).hasSize(2);
    publish(Map.of());
    assertThat(bench.value("user-configs")).isNotEqualTo(before);
  }

  @Test
  void ofTwoProcessesOneIsElectedAndTheOtherTakesOverWhenItIsKilled() throws Exception {
    try (var first = RunningSatchel.start(bench.env(), "run", "--schedule", "1h")) {
      first.nextLineWith("published revision");
      try (var second = RunningSatchel.start(bench.env(), "run", "--schedule", "1h")) {
        second.nextLineWith("waiting: expected to be the only publisher");
        bench.sql("UPDATE %s SET plan = 'team' WHERE id = 'bob'");

        first.kill();

        second.nextLineWith("this one publishes now");
        second.nextLineWith("published revision");
        assertThat(second.stop()).isZero();
      }
    }
  }

  @Test
  void aSessionThatIsEndedIsToldInOneLineAndMadeAgain() throws Exception {
    String onSchedule = "key user-configs on schedule";
    try (var run = RunningSatchel.start(bench.env(), "run", "--schedule", "1s")) {
      run.nextLineWith("published revision");

      killHolder(onSchedule);

      until("the session is made again", () -> holders(onSchedule) > 0);
      assertThat(run.stop()).isZero();
      assertThat(run.rest()).doesNotContain("Exception").doesNotContain("\tat ");
    }
  }

  @Test
  void aRevisionOfSomebodyElseIsToldInOneLine() throws Exception {
    try (var run = RunningSatchel.start(bench.env(), "run", "--schedule", "1s")) {
      run.nextLineWith("published revision");
      var metadata = bench.metadata("user-configs");
      long foreign = metadata.getLong("revision") + 1;

      await(
          bench
              .kv()
              .put(
                  "user-configs",
                  bench.value("user-configs"),
                  metadata.put("revision", foreign),
                  null));

      assertThat(run.nextLineWith("did not make")).contains(Long.toString(foreign));
      assertThat(run.stop()).isZero();
      assertThat(run.rest()).doesNotContain("did not make");
    }
  }

  @Test
  void aLowerRevisionOfSomebodyElseIsToldAndReplaced() throws Exception {
    try (var run = RunningSatchel.start(bench.env(), "run", "--schedule", "1s")) {
      run.nextLineWith("published revision");
      var metadata = bench.metadata("user-configs");
      long ours = metadata.getLong("revision");

      await(
          bench
              .kv()
              .put(
                  "user-configs",
                  bench.value("user-configs"),
                  metadata.put("revision", ours - 1),
                  null));

      assertThat(run.nextLineWith("somebody else wrote it")).contains("lower " + (ours - 1));
      run.nextLineWith("published revision");
      assertThat(bench.metadata("user-configs").getLong("revision")).isGreaterThan(ours);
      assertThat(run.stop()).isZero();
    }
  }

  @Test
  void publishTellsOfARevisionInUseThatNoPublisherLeftACopyOf() throws Exception {
    bench.satchel().run("publish");
    long revision = bench.metadata("user-configs").getLong("revision");
    await(bench.kv().delete("user-configs@" + revision));

    try (var publish = RunningSatchel.start(bench.env(), "publish")) {
      assertThat(publish.nextLineWith("somebody else wrote it"))
          .contains("user-configs@" + revision, "found nothing");
      publish.rest();
    }
  }

  @Test
  void aPublisherThatFindsAnotherAtWorkWaitsForItsTurn() {
    var other = lock();
    await(other.take());
    var satchel = bench.satchel();
    var publish = CompletableFuture.supplyAsync(() -> satchel.run("publish"));

    await(other.release());

    assertThat(publish.join()).describedAs(satchel.err()).isZero();
    await(other.close());
  }

  @Test
  void publishersWhoseClocksDifferTakeTheTimeFromTheDatabase() {
    for (int seconds : new int[] {-50, 0, 50}) {
      var wrong = InstantSource.offset(InstantSource.system(), Duration.ofSeconds(seconds));
      var lock =
          new WriterLock(
              SharedDatabase.vertx(), SharedDatabase.settings(), NAMESPACE, "key a", wrong);
      long before = databaseMillis();
      await(lock.take());
      long found = lock.databaseTime().toEpochMilli();

      assertThat(found).isBetween(before, databaseMillis());
      await(lock.close());
    }
  }

  private static long databaseMillis() {
    return SharedDatabase.sql("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        .iterator()
        .next()
        .getLong(0);
  }

  private WriterLock lock() {
    return new WriterLock(
        SharedDatabase.vertx(), SharedDatabase.settings(), NAMESPACE, "key user-configs");
  }

  private static void killHolder(String key) {
    // waits until the session is gone
    SharedDatabase.sql("SELECT pg_terminate_backend(pid, 5000) " + heldLocks(key));
  }

  private static long holders(String key) {
    return SharedDatabase.sql("SELECT count(*) " + heldLocks(key)).iterator().next().getLong(0);
  }

  private static String heldLocks(String key) {
    return """
    FROM pg_locks WHERE locktype = 'advisory' AND ((classid::bigint << 32) | objid::bigint) = %d"""
        .formatted(WriterLock.number(NAMESPACE, key));
  }

  private void publish(Map<String, String> more) {
    var env = bench.env();
    env.putAll(more);
    try (var connections = new Connections()) {
      var publisher =
          Assembly.of(
              connections,
              SharedDatabase.settings(),
              bench.kv(),
              NAMESPACE,
              PublisherSettings.fromEnv(env, new ArrayList<>()),
              Progress.NONE);
      await(publisher.publication().publish().mapEmpty());
    }
  }
}
