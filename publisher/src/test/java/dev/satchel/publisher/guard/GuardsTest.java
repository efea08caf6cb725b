package dev.satchel.publisher.guard;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.RunningSatchel;
import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.Workbench;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real rows go wrong, and what is published stays. */
class GuardsTest {
  private static final String KEY = "user-configs";

  private final Workbench bench;
  private final SatchelRun satchel;
  private Buffer before = Buffer.buffer();

  GuardsTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
    satchel = bench.satchel();
  }

  @BeforeEach
  void twoHundredUsersArePublished() {
    bench.sql("DELETE FROM %s");
    bench.sql(
        "INSERT INTO %s SELECT 'user ' || i, i %% 2 = 0, 'free' FROM generate_series(1, 200) i");
    assertThat(satchel.run("publish")).isZero();
    before = bench.value(KEY);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void anEmptyTableIsRefused() {
    bench.sql("DELETE FROM %s");

    refuses("at least 1 users (SATCHEL_MIN_USERS)", "found 0");
    accepts();
  }

  @Test
  void aUserWithMoreBytesThanAllowedIsRefusedByName() {
    bench.sql("UPDATE %s SET plan = repeat('x', 1000) WHERE id = 'user 7'");

    refuses(
        "at most 999 bytes of config for one user (SATCHEL_MAX_USER_BYTES)",
        "for user user 7",
        "--max-user-bytes",
        "999");
    assertThat(satchel.run("publish", "--max-user-bytes", "none")).isEqualTo(2);
    assertThat(satchel.run("publish", "--max-user-bytes", "off")).isZero();
  }

  @Test
  void fewerUsersThanAskedForAreRefused() {
    bench.sql("DELETE FROM %s WHERE id = 'user 7'");

    refuses("at least 200 users", "found 199", "--min-users", "200");
  }

  @Test
  void aTableThatLostMostOfItsUsersIsRefused() {
    bench.sql("DELETE FROM %s WHERE id < 'user 7'");

    refuses("number of users to change by at most 50 % (SATCHEL_MAX_USERS_CHANGE)", "of 200 users");
    accepts();
  }

  @Test
  void rowsThatAJoinMultipliedAreRefused() {
    bench.sql("INSERT INTO %s SELECT id || '!', preview, plan FROM %1$s");

    refuses("found 400 instead of 200 users, 100.0 %", "nothing was written");
    accepts();
  }

  @Test
  void aColumnThatWasOverwrittenIsRefusedByItsName() {
    bench.sql("UPDATE %s SET plan = 'pro'");

    refuses(
        "at most 50 % of users to change (SATCHEL_MAX_CHANGED) but found 200 of 200",
        "field plan to change for at most 50 % of users (SATCHEL_MAX_FIELD_CHANGED)");
    accepts();
  }

  @Test
  void oneFieldCanHaveALimitOfItsOwn() {
    bench.sql("UPDATE %s SET plan = 'pro' WHERE id < 'user 11'");

    refuses("field plan to change for at most 5 %", "of 200", "--max-field-changed", "90,plan=5");
    assertThat(satchel.run("publish", "--max-field-changed", "5,plan=90")).isZero();
  }

  @Test
  void aLimitForAFieldThatTheQueryDoesNotHaveIsAWrongSetting() {
    assertThat(satchel.run("publish", "--max-field-changed", "5,plam=90")).isEqualTo(2);
    assertThat(satchel.err().lines())
        .singleElement()
        .asString()
        .contains("SATCHEL_MAX_FIELD_CHANGED: expected fields of SATCHEL_QUERY", "found plam");
  }

  @Test
  void aColumnThatIsGoneIsRefused() {
    bench.sql("ALTER TABLE %s DROP COLUMN preview");

    refuses("expected the fields of the snapshot in use but found no preview");
    accepts();
  }

  @Test
  void aColumnOfAnotherTypeIsRefused() {
    bench.sql("ALTER TABLE %s ALTER COLUMN preview TYPE text USING preview::text");

    refuses("field preview was boolean and is text");
    accepts();
  }

  @Test
  void aNewColumnAndAFewChangedRowsAreNothingToAskAbout() {
    bench.sql("ALTER TABLE %s ADD COLUMN theme text DEFAULT 'dark'");
    bench.sql("UPDATE %s SET plan = 'pro' WHERE id < 'user 11'");

    assertThat(satchel.run("publish")).isZero();
    assertThat(bench.value(KEY)).isNotEqualTo(before);
  }

  @Test
  void usersWithoutAnIdAreRefused() {
    var nulls =
        satchel.and(
            "SATCHEL_QUERY", "SELECT nullif(id, 'user 7'), preview, plan FROM " + bench.table);

    assertThat(nulls.run("publish", "--accept-change")).isEqualTo(1);

    assertThat(bench.value(KEY)).isEqualTo(before);
  }

  @Test
  void aSnapshotNearTheLimitIsWarnedAbout() throws Exception {
    bench.sql("UPDATE %s SET plan = 'pro' WHERE id < 'user 11'");
    int bytes = bench.metadata(KEY).getInteger("bytes");

    String limit = Integer.toString(bytes + 250);
    try (var publish = RunningSatchel.start(bench.env(), "publish", "--max-bytes", limit)) {
      assertThat(publish.nextLineWith("of the " + limit + " bytes")).contains("WARN", "more users");
      publish.rest();
    }

    assertThat(bench.value(KEY)).isNotEqualTo(before);
  }

  @Test
  void aSnapshotInUseThatCannotBeOpenedIsReplaced() {
    bench.sql("UPDATE %s SET plan = 'pro' WHERE id = 'user 7'");
    JsonObject metadata = bench.metadata(KEY);
    await(
        bench.kv().put(KEY, before.getBuffer(0, 100), metadata.put("contentHash", "other"), null));

    assertThat(satchel.run("publish")).isZero();

    assertThat(bench.published().users()).isEqualTo(200);
  }

  @Test
  void aWriteThatIsAnsweredButNotStoredFailsTheRunAndTheNextHeals() {
    bench.sql("UPDATE %s SET plan = 'pro' WHERE id < 'user 11'");
    bench.faults().next(2, "PUT", "/values/" + KEY).areForgotten(); // the copy's and the key's

    assertThat(satchel.run("publish", "--read-back", "1s")).isEqualTo(1);

    assertThat(satchel.err().lines())
        .singleElement()
        .asString()
        .contains("expected to read back revision", "under " + KEY);
    assertThat(bench.value(KEY)).isEqualTo(before);
    assertThat(satchel.run("publish")).isZero();
    assertThat(bench.value(KEY)).isNotEqualTo(before);
  }

  @Test
  void aRefusalIsToldOnceWhileItLastsAndCounted() throws Exception {
    bench.sql("UPDATE %s SET plan = 'pro'");

    try (var run = RunningSatchel.start(bench.env(), "run", "--schedule", "1s")) {
      run.nextLineWith("SATCHEL_MAX_CHANGED");
      bench.sql("UPDATE %s SET plan = 'free'"); // as published: a run that succeeds in between
      bench.sql("UPDATE %s SET plan = 'team' WHERE id < 'user 11'");
      run.nextLineWith("published revision");

      assertThat(run.stop()).isZero();
      String rest = run.rest();
      assertThat(rest).doesNotContain("SATCHEL_MAX_CHANGED").containsPattern("[1-9] refused");
    }
  }

  @Test
  void everyWrongSettingOfAGuardIsNamed() {
    var wrong =
        SatchelRun.with(
            Map.of(
                "SATCHEL_MIN_USERS", "-1",
                "SATCHEL_MAX_USERS_CHANGE", "half",
                "SATCHEL_MAX_CHANGED", "10%",
                "SATCHEL_MAX_FIELD_CHANGED", "10,plan=most",
                "SATCHEL_READ_BACK", "soon"));

    assertThat(wrong.run("publish")).isEqualTo(2);

    assertThat(wrong.err().lines())
        .hasSize(5)
        .allMatch(line -> line.contains("SATCHEL_M") || line.contains("SATCHEL_READ_BACK"));
  }

  private void refuses(String expected, String found, String... options) {
    var args = new java.util.ArrayList<String>(java.util.List.of("publish"));
    args.addAll(java.util.List.of(options));
    assertThat(satchel.run(args.toArray(String[]::new))).isEqualTo(1);
    assertThat(satchel.err().lines())
        .singleElement()
        .asString()
        .contains(expected, found, "--accept-change");
    assertThat(bench.value(KEY)).isEqualTo(before);
    assertThat(await(bench.kv().keys(KEY, null)).keys()).hasSize(2);
  }

  private void refuses(String expected) {
    refuses(expected, "");
  }

  private void accepts() {
    assertThat(satchel.run("publish", "--accept-change")).isZero();
    assertThat(bench.value(KEY)).isNotEqualTo(before);
  }
}
