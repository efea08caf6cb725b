package dev.satchel.publisher.publish;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.kv.KeyPage;
import dev.satchel.publisher.kv.KvPair;
import dev.satchel.publisher.kv.NamespaceWriter;
import dev.satchel.publisher.lock.WriteGate;
import dev.satchel.publisher.source.PostgresSource;
import dev.satchel.publisher.time.Time;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot, and a pair for each user that follows it. */
class BothLayoutTest {
  private static final String KEY = "user-configs";
  private static final Map<String, String> FIRST =
      Map.of(
          "alice", "{\"preview\":true,\"plan\":\"pro\"}",
          "bob", "{\"preview\":false,\"plan\":\"free\"}",
          "ünï", "{\"preview\":null,\"plan\":\"a\\\"b\"}");

  private final Workbench bench;
  private final SatchelRun satchel;

  BothLayoutTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
    satchel = bench.satchel().and("SATCHEL_LAYOUT", "both").and("SATCHEL_KEY_PREFIX", "user:");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void writesTheSnapshotAndAPairForEachUserAndTellsOfBoth() {
    assertThat(satchel.run("publish", "--json")).as(satchel.err()).isZero();

    assertThat(bench.published().users()).isEqualTo(3);
    assertThat(pairs("user:")).isEqualTo(FIRST);
    var told = new JsonObject(satchel.out());
    assertThat(told.getString("outcome")).isEqualTo("published");
    assertThat(told.getJsonObject("pairs"))
        .isEqualTo(new JsonObject().put("written", 3).put("deleted", 0));

    assertThat(satchel.run("history")).isZero();
    assertThat(satchel.out()).contains("first publication; pairs: 3 written, 0 deleted");
    assertThat(satchel.run("history", "--json")).isZero();
    assertThat(
            new JsonObject(satchel.out())
                .getJsonArray("revisions")
                .getJsonObject(0)
                .getValue("pairs"))
        .isEqualTo(told.getValue("pairs"));
  }

  @Test
  void writesThePairsOfUsersThatChangedAndDeletesThoseOfUsersThatAreGone() {
    bench.sql("INSERT INTO %s SELECT 'user ' || g, true, 'pro' FROM generate_series(1, 20) g");
    satchel.run("publish");
    bench.sql("UPDATE %s SET plan = 'team' WHERE id IN ('alice', 'user 7')");
    bench.sql("DELETE FROM %s WHERE id IN ('bob', 'user 9')");
    bench.sql("INSERT INTO %s VALUES ('carol', true, 'free')");
    bench.faults().next(99, "GET", "/keys\\?prefix=user").answers(403); // nothing is listed

    assertThat(satchel.run("publish", "--json")).as(satchel.err()).isZero();

    assertThat(new JsonObject(satchel.out()).getJsonObject("pairs"))
        .isEqualTo(new JsonObject().put("written", 3).put("deleted", 2));
    assertThat(pairs("user:"))
        .hasSize(22)
        .containsEntry("alice", "{\"preview\":true,\"plan\":\"team\"}")
        .containsEntry("carol", "{\"preview\":true,\"plan\":\"free\"}")
        .doesNotContainKeys("bob", "user 9");
    bench.faults().clear();

    assertThat(satchel.run("publish", "--json")).isZero();
    var again = new JsonObject(satchel.out());
    assertThat(again.getString("outcome")).isEqualTo("unchanged");
    assertThat(again.containsKey("pairs")).isFalse();
  }

  @Test
  void aSnapshotThatWasPublishedWithoutPairsGetsThemWithoutANewRevision() {
    assertThat(satchel.and("SATCHEL_LAYOUT", "snapshot").run("publish")).isZero();
    Buffer value = bench.value(KEY);
    var foreign = Map.of("user:settings", "{}", "other", "1", "assets/logo", "x");
    foreign.forEach(this::put);

    assertThat(satchel.run("publish", "--json")).as(satchel.err()).isZero();

    var told = new JsonObject(satchel.out());
    assertThat(told.getString("outcome")).isEqualTo("unchanged");
    assertThat(told.getJsonObject("pairs").getInteger("written")).isEqualTo(3);
    assertThat(bench.value(KEY)).isEqualTo(value);
    var expected = new HashMap<>(FIRST);
    expected.put("settings", "{}");
    assertThat(pairs("user:")).isEqualTo(expected);
    foreign.forEach((key, text) -> assertThat(bench.value(key).toString()).isEqualTo(text));
  }

  @Test
  void pairsOfUsersThatAreGoneSinceAPublicationOfPairsAloneAreDeletedAndNoOthers() {
    var perKey = satchel.and("SATCHEL_LAYOUT", "per-key");
    assertThat(perKey.run("publish")).isZero();
    assertThat(perKey.and("SATCHEL_KEY", "another").run("publish", "--key-prefix", "user:x"))
        .isZero();
    bench.sql("DELETE FROM %s WHERE id = 'bob'");
    bench.sql("UPDATE %s SET preview = false");

    assertThat(satchel.run("publish", "--json")).as(satchel.err()).isZero();

    assertThat(new JsonObject(satchel.out()).getJsonObject("pairs"))
        .isEqualTo(new JsonObject().put("written", 2).put("deleted", 1));
    assertThat(pairs("user:").keySet())
        .containsExactlyInAnyOrder("alice", "ünï", "xalice", "xbob", "xünï");
    assertThat(pairs("user:").get("alice")).isEqualTo("{\"preview\":false,\"plan\":\"pro\"}");
  }

  @Test
  void pairsThatAPublicationOfPairsAloneHasChangedAreWrittenAgain() {
    satchel.run("publish");
    bench.sql("UPDATE %s SET plan = 'team' WHERE id = 'alice'");
    assertThat(satchel.and("SATCHEL_LAYOUT", "per-key").run("publish")).isZero();
    bench.sql("UPDATE %s SET plan = 'pro' WHERE id = 'alice'"); // as in the snapshot

    assertThat(satchel.run("publish")).isZero();

    assertThat(pairs("user:")).isEqualTo(FIRST);
  }

  @Test
  void whateverLiesWhereThePairsAreToldOfTheyAreSetRight() {
    satchel.run("publish");
    JsonObject told = bench.metadata(KEY + "@pairs");
    for (JsonObject forged :
        List.of(
            new JsonObject(),
            told.copy().put("prefix", 5),
            told.copy().put("prefix", "another:"),
            told.copy().put("revision", Long.MAX_VALUE),
            told.copy().put("revision", 1).put("oldest", 1),
            told.copy().put("oldest", 1).put("at", "1999-01-01T00:00:00Z"),
            told.copy().put("at", "+999999999-12-31T23:59:59Z"))) {
      await(bench.kv().put(KEY + "@pairs", Buffer.buffer("no log"), forged, null));
      put("user:alice", "{}");

      assertThat(satchel.run("publish")).as(forged.encode()).isZero();

      assertThat(pairs("user:")).as(forged.encode()).isEqualTo(FIRST);
      assertThat(bench.metadata(KEY + "@pairs").getLong("revision"))
          .isEqualTo(bench.published().revision());
    }
  }

  @Test
  void aRunThatDiesBetweenAnyTwoWritesIsMadeGoodByTheNext() {
    long seed = ThreadLocalRandom.current().nextLong();
    var random = new SplittableRandom(seed);
    bench.sql("INSERT INTO %s SELECT 'u' || g, true, '0' FROM generate_series(1, 12) g");
    assertThat(satchel.run("publish")).isZero();
    int died = 0;
    for (int write = 1; write <= 5; write++) {
      for (boolean takesEffect : new boolean[] {false, true}) {
        changeRows(random);
        var dying = new Dying(write, takesEffect);
        died += await(publication(dying).publish().map(0).otherwise(1));
        if (random.nextBoolean()) {
          changeRows(random);
        }

        await(publication(bench.kv()).publish());

        assertThat(pairs("user:"))
            .as("seed %d, write %d, takes effect: %s", seed, write, takesEffect)
            .isEqualTo(rows());
      }
    }
    assertThat(died).as("seed %d", seed).isGreaterThanOrEqualTo(5);
  }

  @Test
  void pairsThatABulkWriteRefusesFailTheRunAndTheNextWritesThem() {
    assertThat(satchel.run("publish")).isZero();
    bench.sql("UPDATE %s SET plan = 'team'");
    bench.faults().next(1, "PUT", "/bulk").answers(403);

    assertThat(satchel.run("publish", "--accept-change")).isEqualTo(1);

    assertThat(satchel.err().lines().toList())
        .singleElement()
        .asString()
        .contains("is in use, but not all pairs", "the next run writes them");
    bench.sql("UPDATE %s SET plan = 'pro' WHERE id = 'alice'"); // as before: its pair is right
    assertThat(satchel.run("publish")).isZero();
    assertThat(pairs("user:")).isEqualTo(rows());
  }

  @Test
  void aRollbackBringsThePairsBackWhateverLayoutItsCommandKnowsOf() {
    satchel.run("publish");
    long good = bench.published().revision();
    bench.sql("UPDATE %s SET plan = 'oops' WHERE id <> 'bob'");
    bench.sql("DELETE FROM %s WHERE id = 'bob'");
    satchel.run("publish");

    var command = bench.satchel(); // the service has the layout
    assertThat(command.run("rollback", Long.toString(good), "--settle", "0", "--json")).isZero();

    assertThat(new JsonObject(command.out()).getJsonObject("pairs"))
        .isEqualTo(new JsonObject().put("written", 3).put("deleted", 0));
    assertThat(pairs("user:")).isEqualTo(FIRST);
    assertThat(satchel.run("publish")).isEqualTo(4);
    assertThat(pairs("user:")).isEqualTo(FIRST);
    assertThat(satchel.run("resume")).isZero();
    assertThat(satchel.run("publish")).isZero();
    assertThat(pairs("user:")).isEqualTo(rows());
  }

  @Test
  void whileARevisionIsHeldItsPairsAreCompleted() {
    satchel.run("publish");
    long good = bench.published().revision();
    bench.sql("UPDATE %s SET plan = 'oops'");
    satchel.run("publish");
    bench.faults().next(1, "PUT", "/bulk").answers(403);
    assertThat(satchel.run("rollback", Long.toString(good), "--settle", "0")).isEqualTo(1);
    assertThat(satchel.out()).contains("published", "held by");
    assertThat(satchel.err()).contains("not all pairs");

    assertThat(satchel.run("publish", "--json")).isEqualTo(4);

    assertThat(new JsonObject(satchel.out()).getJsonObject("pairs").getInteger("written"))
        .isEqualTo(3);
    assertThat(pairs("user:")).isEqualTo(FIRST);
  }

  @Test
  void whatAGuardRefusesReachesNoPair() {
    bench.sql("INSERT INTO %s SELECT 'u' || g, true, '0' FROM generate_series(1, 200) g");
    satchel.run("publish");
    Map<String, String> before = pairs("user:");
    bench.sql("DELETE FROM %s WHERE id LIKE 'u%%'");

    assertThat(satchel.run("publish")).isEqualTo(1);

    assertThat(satchel.err()).contains("--accept-change");
    assertThat(pairs("user:")).isEqualTo(before);
    assertThat(satchel.run("publish", "--accept-change")).isZero();
    assertThat(pairs("user:")).isEqualTo(FIRST);
  }

  @Test
  void aUserIdThatWouldOverwriteTheSnapshotOrItsCopiesIsRefusedBeforeAnyWrite() {
    for (String id : List.of(KEY, KEY + "@1", KEY + "@pairs")) {
      bench.sql("DELETE FROM %s");
      bench.sql("INSERT INTO %s VALUES ('" + id + "', true, 'pro')");
      for (String layout : List.of("both", "per-key")) {
        var withoutPrefix = bench.satchel().and("SATCHEL_LAYOUT", layout);

        assertThat(withoutPrefix.run("publish")).isEqualTo(1);

        assertThat(withoutPrefix.err()).contains(id, "SATCHEL_KEY_PREFIX");
        assertThat(await(bench.kv().keys("", null)).keys()).isEmpty();
      }
    }
  }

  @Test
  void aWriteThatComesMinutesLateIsMadeGood() {
    var now = new Instant[] {Instant.now()};
    satchel.run("publish");
    bench.sql("UPDATE %s SET plan = 'team' WHERE id = 'alice'");
    var dying = new Dying(3, false); // the copy, the key, and then the pairs
    await(publication(dying, () -> now[0]).publish().otherwiseEmpty());
    bench.sql("UPDATE %s SET plan = 'pro'");
    var publisher = publication(bench.kv(), () -> now[0]);
    await(publisher.publish());

    await(dying.late.get());
    assertThat(pairs("user:").get("alice")).contains("team"); // which nobody can know of
    now[0] = now[0].plus(PairSync.SETTLED).plusSeconds(1);
    await(publisher.publish());

    assertThat(pairs("user:")).isEqualTo(rows());
  }

  @Test
  void aSecondProcessThatMakesADoubtGoodAndWritesLateIsMadeGoodToo() {
    var now = new Instant[] {Instant.now()};
    satchel.run("publish");
    bench.sql("UPDATE %s SET plan = 'team' WHERE id = 'alice'");
    await(publication(new Dying(3, false), () -> now[0]).publish().otherwiseEmpty());
    bench.sql("UPDATE %s SET plan = 'pro'");
    var second = new Dying(Integer.MAX_VALUE, false);
    var secondPublisher = publication(second, () -> now[0]);
    await(secondPublisher.publish()); // knows of the doubt
    now[0] = now[0].plus(PairSync.SETTLED).plusSeconds(1);
    var publisher = publication(bench.kv(), () -> now[0]);
    await(publisher.publish());
    second.left = 2; // that it begins, and then the pairs
    await(secondPublisher.publish().otherwiseEmpty());
    bench.sql("UPDATE %s SET plan = 'free'");
    await(publisher.publish());

    await(second.late.get());
    assertThat(pairs("user:").get("bob")).contains("pro"); // which nobody can know of
    now[0] = now[0].plus(PairSync.SETTLED).plusSeconds(1);
    await(publisher.publish());

    assertThat(pairs("user:")).isEqualTo(rows());
  }

  private void changeRows(SplittableRandom random) {
    for (int i = 0; i < 4; i++) {
      String id = "u" + random.nextInt(1, 16);
      bench.sql(
          random.nextInt(3) == 0
              ? "DELETE FROM %s WHERE id = '" + id + "'"
              : "INSERT INTO %s VALUES ('"
                  + id
                  + "', true, '"
                  + random.nextInt(2)
                  + "') ON CONFLICT (id) DO UPDATE SET plan = excluded.plan");
    }
  }

  private Publication publication(NamespaceWriter writer) {
    return publication(writer, InstantSource.system());
  }

  private Publication publication(NamespaceWriter writer, InstantSource clock) {
    var env = new HashMap<>(bench.env());
    env.put("SATCHEL_LAYOUT", "both");
    env.put("SATCHEL_KEY_PREFIX", "user:");
    env.put("SATCHEL_PATCHES", "off");
    var settings = PublisherSettings.fromEnv(env, true, new ArrayList<>());
    var vertx = SharedDatabase.vertx();
    var source =
        new PostgresSource(
            vertx, SharedDatabase.settings(), settings.query(), settings.stallTimeout());
    return new Publishing(
            new Publishing.World(
                vertx,
                bench.kv(),
                writer,
                (sink, anyAge) -> source.read(sink),
                Time.of(vertx),
                clock,
                Progress.NONE),
            settings,
            new WriteGate())
        .publication();
  }

  /** Dies at one of its writes, which may take effect all the same. */
  private final class Dying implements NamespaceWriter {
    private final boolean takesEffect;
    private int left;
    private Supplier<Future<Void>> late = Future::succeededFuture;

    Dying(int write, boolean takesEffect) {
      this.left = write;
      this.takesEffect = takesEffect;
    }

    private Future<Void> write(Supplier<Future<Void>> effect) {
      left--;
      if (left > 0) {
        return effect.get();
      }
      if (left == 0) {
        late = effect;
      }
      Future<Void> dead = Future.failedFuture("the process died");
      return left == 0 && takesEffect ? effect.get().compose(done -> dead) : dead;
    }

    @Override
    public Future<Void> put(
        String key, Buffer value, @Nullable JsonObject metadata, @Nullable Duration timeToLive) {
      return write(() -> bench.kv().put(key, value, metadata, timeToLive));
    }

    @Override
    public Future<Void> delete(String key) {
      return write(() -> bench.kv().delete(key));
    }

    @Override
    public Future<Void> putAll(List<KvPair> pairs) {
      return write(() -> bench.kv().putAll(pairs));
    }

    @Override
    public Future<Void> deleteAll(List<String> keys) {
      return write(() -> bench.kv().deleteAll(keys));
    }
  }

  private void put(String key, String value) {
    await(bench.kv().put(key, Buffer.buffer(value), null, null));
  }

  /** What KV holds under keys with a prefix, by what follows it. */
  private Map<String, String> pairs(String prefix) {
    var pairs = new TreeMap<String, String>();
    for (KeyPage.Key key : await(bench.kv().keys(prefix, null)).keys()) {
      pairs.put(key.name().substring(prefix.length()), bench.value(key.name()).toString());
    }
    return pairs;
  }

  /** What the table says. */
  private Map<String, String> rows() {
    var rows = new TreeMap<String, String>();
    SharedDatabase.sql(
            """
            SELECT id, format('{"preview":%s,"plan":%s}',
              coalesce(preview::text, 'null'), coalesce(to_json(plan)::text, 'null'))
            FROM\s"""
                + bench.table)
        .forEach(row -> rows.put(row.getString(0), row.getString(1)));
    return rows;
  }
}
