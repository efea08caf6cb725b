package dev.satchel.publisher.publish;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.kv.Digests;
import dev.satchel.publisher.RunningSatchel;
import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.store.Hold;
import dev.satchel.publisher.store.UsersChange;
import dev.satchel.publisher.wiring.Assembly;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bad change is published; a person takes it back, and it stays so until they say otherwise. */
@Timeout(90)
class RollbackTest {
  private static final String KEY = "user-configs";

  private final Workbench bench;
  private final SatchelRun satchel;
  private JsonObject good = new JsonObject();
  private JsonObject bad = new JsonObject();

  RollbackTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
    satchel = bench.satchel();
  }

  @BeforeEach
  void aBadChangeIsPublished() {
    assertThat(satchel.run("publish")).isZero();
    good = bench.metadata(KEY);
    bench.sql("UPDATE %s SET plan = 'oops'");
    assertThat(satchel.run("publish")).isZero();
    bad = bench.metadata(KEY);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void rollbackPublishesTheOldContentAsANewRevisionAndSaysWhoHoldsIt() {
    assertThat(rollback("--why", "bad import", "--json")).describedAs(satchel.err()).isZero();

    var json = new JsonObject(satchel.out());
    assertThat(json.getString("outcome")).isEqualTo("published");
    assertThat(json.getLong("rolledBackTo")).isEqualTo(good.getLong("revision"));
    JsonObject metadata = bench.metadata(KEY);
    assertThat(metadata.getLong("revision"))
        .isEqualTo(json.getLong("revision"))
        .isGreaterThan(bad.getLong("revision"));
    assertThat(metadata.getString("contentHash")).isEqualTo(good.getString("contentHash"));
    assertThat(bench.published().revision()).isEqualTo(metadata.getLong("revision"));
    assertThat(Digests.sha256(bench.value(KEY).getBytes())).isEqualTo(metadata.getString("sha256"));
    assertThat(metadata.getJsonObject("change")).isEqualTo(new UsersChange(0, 0, 3).toJson());
    assertThat(metadata.getJsonObject("hold").getString("why")).isEqualTo("bad import");
    assertThat(satchel.run("history")).isZero();
    assertThat(satchel.out())
        .contains("back to " + good.getLong("revision"), "in use, held by", ": bad import");
  }

  @Test
  void whileHeldPublishWritesNothingAndAfterResumeItDoes() {
    rollback();
    Buffer held = bench.value(KEY);

    assertThat(satchel.run("publish", "--accept-change", "--json")).isEqualTo(4);
    assertThat(new JsonObject(satchel.out()).getString("outcome")).isEqualTo("held");
    assertThat(satchel.run("publish")).isEqualTo(4);
    assertThat(satchel.out().lines()).singleElement().asString().contains("held", "satchel resume");
    assertThat(bench.value(KEY)).isEqualTo(held);

    assertThat(satchel.run("resume")).isZero();
    assertThat(satchel.out()).contains("resumed");
    assertThat(bench.value(KEY)).isEqualTo(held); // readers see no new revision
    assertThat(bench.metadata(KEY).containsKey("hold")).isFalse();
    assertThat(satchel.run("resume", "--json")).isZero();
    assertThat(new JsonObject(satchel.out()).getString("outcome")).isEqualTo("not held");
    assertThat(satchel.run("publish")).isZero();
    assertThat(bench.metadata(KEY).getString("contentHash"))
        .isEqualTo(bad.getString("contentHash"));
  }

  @Test
  void aCopyThatIsNotWhatItsMetadataSaysIsNotRolledBackTo() {
    String copy = KEY + "@" + good.getLong("revision");
    Buffer value = bench.value(copy);
    Buffer inUse = bench.value(KEY);
    await(bench.kv().put(copy, value.copy().setByte(value.length() / 2, (byte) 7), good, null));

    assertThat(rollback()).isEqualTo(1);
    assertThat(satchel.err().lines()).singleElement().asString().contains("sha256");

    byte[] cut = value.getBytes(0, value.length() - 9);
    await(
        bench
            .kv()
            .put(copy, Buffer.buffer(cut), good.copy().put("sha256", Digests.sha256(cut)), null));
    assertThat(rollback()).isEqualTo(1);
    assertThat(bench.value(KEY)).isEqualTo(inUse);
    assertThat(bench.metadata(KEY)).isEqualTo(bad);
  }

  @Test
  void whatIsHeldAndWhatItWasRolledBackToAreNotTakenAway() {
    rollback();
    long held = bench.metadata(KEY).getLong("revision");

    assertThat(rollback("--why", "once more")).isZero(); // with a hold there already
    satchel.and("SATCHEL_KEEP_COPIES", "2").run("rollback", good(), "--settle", "0");

    var copies =
        await(bench.kv().keys(KEY + "@", null)).keys().stream().map(key -> key.name()).toList();
    assertThat(copies)
        .contains(KEY + "@" + good(), KEY + "@" + bench.metadata(KEY).getLong("revision"))
        .doesNotContain(KEY + "@" + held)
        .hasSize(3);
  }

  @Test
  void aReasonThatDoesNotFitIsRefused() {
    assertThat(rollback("--why", "x".repeat(161))).isEqualTo(1);
    assertThat(satchel.err()).contains("at most 160 bytes");
    assertThat(rollback("--settle", "soon")).isEqualTo(2);
    assertThat(bench.metadata(KEY)).isEqualTo(bad);
  }

  @Test
  void aRunOnScheduleLetsPeopleInBetweenAndHoldsStillUntilTheyResume() throws Exception {
    try (var run = RunningSatchel.start(bench.env(), "run", "--schedule", "1s")) {
      run.nextLineWith("every");
      bench.sql("INSERT INTO %s VALUES ('carol', true, 'pro')");
      run.nextLineWith("published revision");

      assertThat(rollback("--why", "at night")).describedAs(satchel.err()).isZero();
      Buffer held = bench.value(KEY);

      assertThat(run.nextLineWith("nothing is published until")).contains("at night");
      bench.sql("DELETE FROM %s WHERE id = 'bob'");
      assertThat(satchel.run("publish")).isEqualTo(4);
      assertThat(bench.value(KEY)).isEqualTo(held);
      assertThat(satchel.run("resume")).isZero();

      run.nextLineWith("published revision");
      bench.sql("DELETE FROM %s");
      assertThat(run.nextLineWith("run failed")).contains("at least 1 users");
      assertThat(satchel.run("publish", "--accept-change")).describedAs(satchel.err()).isZero();
      assertThat(bench.published().users()).isZero();
      assertThat(run.stop()).isZero();
      assertThat(run.rest()).doesNotContain("nothing is published until");
    }
  }

  @Test
  void anAnswerFromBeforeTheRollbackDoesNotUndoIt() throws Exception {
    try (var publisher = publisher("0")) {
      await(publisher.publication().publish());
      bench.faults().readsAreStale(Duration.ofHours(1));
      await(
          publisher.rollback(good.getLong("revision"), "stale", done -> Future.succeededFuture()));
      bench.sql("UPDATE %s SET plan = 'worse'");

      Outcome here = await(publisher.publication().publish().map(outcome -> outcome));

      assertThat(here.isHeld()).isTrue();
      assertThat(await(publisher.history().inUse()).orElseThrow().rolledBackTo())
          .isEqualTo(good.getLong("revision"));
      bench.faults().clear();
      assertThat(bench.metadata(KEY).getString("contentHash"))
          .isEqualTo(good.getString("contentHash"));
    }
  }

  @Test
  void resumeWritesNoPairThatWasReplacedAMinuteAgo() {
    rollback();
    JsonObject held = bench.metadata(KEY);
    Buffer value = bench.value(KEY);
    bench.faults().readsAreStale(Duration.ofHours(1));
    long newer = held.getLong("revision") + 1;
    var metadata = bad.copy().put("revision", newer).put("publishedAt", Instant.now().toString());
    await(bench.kv().put(KEY + "@" + newer, value, metadata, null));
    await(bench.kv().put(KEY, value, metadata, null));

    assertThat(satchel.run("resume")).isEqualTo(1);

    assertThat(satchel.err())
        .contains("no copy above", Long.toString(newer), "nothing was written");
    bench.faults().clear();
    assertThat(bench.metadata(KEY).getLong("revision")).isEqualTo(newer);
  }

  @Test
  void resumeFailsIfKvForgetsIt() {
    rollback();
    bench.faults().next(1, "PUT", "/values/" + KEY + "$").areForgotten();

    assertThat(satchel.and("SATCHEL_READ_BACK", "1s").run("resume")).isEqualTo(1);

    assertThat(bench.metadata(KEY).containsKey("hold")).isTrue();
    assertThat(satchel.run("resume")).isZero();
    assertThat(satchel.out()).contains("resumed");
  }

  @Test
  void aRollbackThatKvForgetsHoldsNothing() throws Exception {
    try (var publisher = publisher("1s")) {
      bench.faults().next(1, "PUT", "/values/" + KEY + "$").areForgotten();
      Future<PublishOutcome> forgotten =
          publisher.rollback(good.getLong("revision"), "", done -> Future.succeededFuture());
      assertThatThrownBy(() -> await(forgotten)).hasMessageContaining("read back");
      bench.sql("UPDATE %s SET plan = 'worse'");

      Outcome next = await(publisher.publication().publish().map(outcome -> outcome));

      assertThat(next.isNews()).isTrue();
      assertThat(bench.metadata(KEY).containsKey("hold")).isFalse();
    }
  }

  @Test
  void othersWaitUntilARollbackHasSettled() throws Exception {
    try (var publisher = publisher("0")) {
      Promise<Void> written = Promise.promise();
      Promise<Void> settled = Promise.promise();
      Future<PublishOutcome> rollback =
          publisher.rollback(
              good.getLong("revision"),
              "",
              done -> {
                written.complete();
                return settled.future();
              });
      await(written.future());

      assertThat(satchel.run("publish", "--lock-wait", "0")).isEqualTo(1);
      assertThat(satchel.err()).contains("only publisher");

      settled.complete();
      await(rollback);
      assertThat(satchel.run("publish", "--lock-wait", "0")).isEqualTo(4);
    }
  }

  @Test
  void aHoldThatComesInTheMiddleOfARunIsSeenBeforeTheWrite() throws Exception {
    bench.sql("UPDATE %s SET plan = 'worse'");

    int status =
        publishWhile(
            () ->
                await(
                    bench
                        .kv()
                        .put(
                            KEY,
                            bench.value(KEY),
                            bad.copy().put("hold", Hold.now(Instant.EPOCH, "").toJson()),
                            null)));

    assertThat(status).isEqualTo(4);
    assertThat(bench.metadata(KEY).getLong("revision")).isEqualTo(bad.getLong("revision"));
  }

  @Test
  void aRevisionThatComesInTheMiddleOfARunIsNotReplacedUnseen() throws Exception {
    bench.sql("UPDATE %s SET plan = 'worse'");
    long foreign = bad.getLong("revision") + 1;

    int status =
        publishWhile(
            () ->
                await(
                    bench
                        .kv()
                        .put(KEY, bench.value(KEY), bad.copy().put("revision", foreign), null)));

    assertThat(status).isEqualTo(1);
    assertThat(satchel.err()).contains("but found " + foreign, "nothing was written");
    assertThat(bench.metadata(KEY).getLong("revision")).isEqualTo(foreign);
  }

  private String good() {
    return Long.toString(good.getLong("revision"));
  }

  private int rollback(String... options) {
    var args = new ArrayList<>(List.of("rollback", good(), "--settle", "0"));
    args.addAll(List.of(options));
    return satchel.run(args.toArray(String[]::new));
  }

  private Assembly publisher(String readBack) throws InterruptedException {
    var env = bench.env();
    env.put("SATCHEL_READ_BACK", readBack);
    return Assembly.open(env, Progress.NONE);
  }

  /** Publishes, and does something when the run has begun and waits for the table. */
  private int publishWhile(Runnable something) throws Exception {
    PgConnection locker = SharedDatabase.connect();
    await(locker.query("BEGIN; LOCK TABLE " + bench.table + " IN ACCESS EXCLUSIVE MODE").execute());
    var publish = CompletableFuture.supplyAsync(() -> satchel.run("publish"));
    String waiting =
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '%s'::regclass"
            .formatted(bench.table);
    until(
        "the run waits for the table",
        () -> await(locker.query(waiting).execute()).iterator().next().getLong(0) > 0);
    something.run();
    await(locker.close());
    return publish.get(30, TimeUnit.SECONDS);
  }
}
