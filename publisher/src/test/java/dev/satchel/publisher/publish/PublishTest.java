package dev.satchel.publisher.publish;

import static dev.satchel.publisher.Waiting.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.satchel.kv.Digests;
import dev.satchel.kv.KvException;
import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.publisher.store.PublishedKey;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.publisher.wiring.Assembly;
import dev.satchel.publisher.wiring.Connections;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class PublishTest {
  private static final String KEY = "user-configs";

  private final Connections connections = new Connections();
  private final Workbench bench;
  private final Path folder;

  PublishTest(@TempDir Path folder) {
    this.folder = folder;
    this.bench = Workbench.in(folder.resolve("kv"));
  }

  @BeforeEach
  void nothingIsPublished() {
    assertThat(await(bench.kv().value(KEY))).isEmpty();
  }

  @AfterEach
  void close() {
    connections.close();
    bench.close();
  }

  @Test
  void publishesEveryUserAndSaysSoInOneLine() {
    var satchel = bench.satchel();

    assertThat(satchel.run("publish")).isZero();

    assertThat(satchel.out().lines()).singleElement().asString().contains("published", "3 users");
    assertThat(satchel.err()).isEmpty();
    Snapshot snapshot = bench.published();
    assertThat(snapshot.users()).isEqualTo(3);
    assertThat(snapshot.fieldNames()).containsExactly("preview", "plan");
    assertThat(requireNonNull(snapshot.field("preview")).booleanAt(snapshot.find("alice"), false))
        .isTrue();
    assertThat(requireNonNull(snapshot.field("plan")).stringAt(snapshot.find("ünï"), ""))
        .isEqualTo("a\"b");
  }

  @Test
  void metadataDescribesTheValueInAFewHundredBytes() {
    var satchel = bench.satchel();
    long before = System.currentTimeMillis();

    satchel.run("publish");

    byte[] value = bench.value(KEY).getBytes();
    Snapshot snapshot = bench.published();
    JsonObject metadata = bench.metadata(KEY);
    assertThat(metadata.getLong("revision"))
        .isEqualTo(snapshot.revision())
        .isGreaterThanOrEqualTo(before);
    assertThat(metadata.getString("contentHash")).isEqualTo(snapshot.contentHash());
    assertThat(metadata.getString("sha256")).isEqualTo(Digests.sha256(value));
    assertThat(metadata.getInteger("users")).isEqualTo(3);
    assertThat(metadata.getInteger("bytes")).isEqualTo(value.length);
    assertThat(Instant.parse(metadata.getString("publishedAt"))).isEqualTo(snapshot.publishedAt());
    assertThat(metadata.getInteger("formatVersion")).isEqualTo(snapshot.formatVersion());
    assertThat(metadata.toBuffer().length()).isLessThanOrEqualTo(1_024);
  }

  @Test
  void jsonIsTheOnlyThingOnStandardOutput() {
    var satchel = bench.satchel();

    satchel.run("publish", "--json");

    assertThat(satchel.out().lines()).hasSize(1);
    var json = new JsonObject(satchel.out());
    assertThat(json.fieldNames())
        .containsExactlyInAnyOrder(
            "outcome", "revision", "contentHash", "users", "bytes", "publishedAt", "seconds");
    assertThat(json.getString("outcome")).isEqualTo("published");
    assertThat(json.getLong("revision")).isEqualTo(bench.metadata(KEY).getLong("revision"));
    assertThat(json.getJsonObject("seconds").fieldNames())
        .contains("read", "encode", "check", "put");
  }

  @Test
  void theCopyForHistoryHoldsTheSameBytes() {
    bench.satchel().run("publish");

    long revision = bench.metadata(KEY).getLong("revision");
    String copy = KEY + "@" + revision;
    assertThat(bench.value(copy)).isEqualTo(bench.value(KEY));
    assertThat(bench.metadata(copy)).isEqualTo(bench.metadata(KEY));
    var keys = await(bench.kv().keys(KEY, null)).keys();
    assertThat(keys).hasSize(2);
    assertThat(keys.get(1).expiresAt()).isNull(); // it goes when it was replaced for long enough
  }

  @Test
  void unchangedContentIsNotPublishedAgain() {
    var satchel = bench.satchel();
    satchel.run("publish");
    Buffer first = bench.value(KEY);

    assertThat(satchel.run("publish", "--json")).isZero();

    assertThat(new JsonObject(satchel.out()).getString("outcome")).isEqualTo("unchanged");
    assertThat(bench.value(KEY)).isEqualTo(first);
    assertThat(await(bench.kv().keys(KEY, null)).keys()).hasSize(2);
  }

  @Test
  void aChangedRowMakesAHigherRevision() {
    var satchel = bench.satchel();
    satchel.run("publish");
    Snapshot first = bench.published();

    bench.sql("UPDATE %s SET preview = true WHERE id = 'bob'");
    satchel.run("publish");

    Snapshot second = bench.published();
    assertThat(second.revision()).isGreaterThan(first.revision());
    assertThat(second.contentHash()).isNotEqualTo(first.contentHash());
    assertThat(requireNonNull(second.field("preview")).booleanAt(second.find("bob"), false))
        .isTrue();
  }

  @Test
  void theRevisionGrowsEvenFromOneThatIsAheadOfTheClock() {
    long ahead = System.currentTimeMillis() + 3_600_000;
    var metadata =
        new SnapshotMetadata(
            ahead,
            "0".repeat(64),
            "0".repeat(64),
            1,
            1,
            Instant.EPOCH,
            1,
            null,
            null,
            0,
            null,
            null,
            null);
    await(bench.kv().put(KEY, Buffer.buffer("x"), metadata.toJson(), null));

    assertThat(bench.satchel().run("publish")).isZero();

    assertThat(bench.published().revision()).isEqualTo(ahead + 1);
  }

  @Test
  void aValueOfSomebodyElsesIsReplaced() {
    await(bench.kv().put(KEY, Buffer.buffer("x"), new JsonObject().put("revision", "new"), null));

    assertThat(bench.satchel().run("publish")).isZero();

    assertThat(bench.published().users()).isEqualTo(3);
  }

  @Test
  void anOversizeSnapshotIsRefusedAndWhatIsPublishedStays() {
    var satchel = bench.satchel();
    satchel.run("publish");
    Buffer first = bench.value(KEY);
    bench.sql(
        "INSERT INTO %s SELECT 'user ' || i, true, md5(i::text) FROM generate_series(1, 500) i");

    assertThat(satchel.run("publish", "--max-bytes", "4000")).isEqualTo(1);

    assertThat(satchel.err().lines())
        .singleElement()
        .asString()
        .startsWith("satchel: ")
        .contains("4,000", "503 users", "plan");
    assertThat(satchel.out()).isEmpty();
    assertThat(bench.value(KEY)).isEqualTo(first);
    assertThat(await(bench.kv().keys(KEY, null)).keys()).hasSize(2);
  }

  @Test
  void duplicateUserIdsAreRefusedByName() {
    var satchel =
        bench
            .satchel()
            .and("SATCHEL_QUERY", "SELECT i / 2, true AS x FROM generate_series(14, 15) i");

    assertThat(satchel.run("publish")).isEqualTo(1);

    assertThat(satchel.err().lines()).singleElement().asString().contains("7");
    assertThat(await(bench.kv().value(KEY))).isEmpty();
  }

  @Test
  void aQueryThatFailsIsOneLineAndStatusOne() {
    var satchel = bench.satchel().and("SATCHEL_QUERY", "SELECT id FROM no_such_table");

    assertThat(satchel.run("publish")).isEqualTo(1);

    assertThat(satchel.err().lines()).singleElement().asString().contains("no_such_table");
  }

  @Test
  void aStoreThatRefusesIsOneLineAndStatusOne() {
    var satchel = bench.satchel();
    satchel.run("publish");
    Buffer first = bench.value(KEY);
    bench.sql("UPDATE %s SET plan = 'team'");
    bench.faults().next(1_000, "PUT", "/values/").answers(403);

    assertThat(satchel.run("publish")).isEqualTo(1);

    assertThat(satchel.err().lines()).singleElement().asString().contains("403");
    assertThat(satchel.err()).doesNotContain(SharedDatabase.settings().connectionString());
    bench.faults().clear();
    assertThat(bench.value(KEY)).isEqualTo(first);
    assertThat(satchel.run("publish", "--json")).isZero();
    assertThat(new JsonObject(satchel.out()).getString("outcome")).isEqualTo("published");
  }

  @Test
  void aStoreThatStallsFailsTheRunAndLeavesWhatIsPublished() {
    var kv = CloudflareKv.create(SharedDatabase.vertx(), bench.kvSettings(), Workbench.IMPATIENT);
    Publication publication = publication(kv);
    await(publication.publish());
    Buffer first = bench.value(KEY);
    bench.sql("UPDATE %s SET plan = 'team'");
    bench.faults().next(2, "PUT", "/values/").stall();

    assertThatThrownBy(() -> await(publication.publish())).isInstanceOf(KvException.class);

    assertThat(bench.value(KEY)).isEqualTo(first);
    await(publication.publish());
    assertThat(bench.value(KEY)).isNotEqualTo(first);
    await(kv.close());
  }

  @Test
  void aWriteWhoseAnswerWasLostIsNotTakenForSomebodyElses() {
    var kv = CloudflareKv.create(SharedDatabase.vertx(), bench.kvSettings(), Workbench.IMPATIENT);
    Publication publication = publication(kv);
    await(publication.publish());
    bench.sql("UPDATE %s SET plan = 'team'");
    bench.faults().next(2, "PUT", "/values/user-configs$").areCut();
    assertThatThrownBy(() -> await(publication.publish())).isInstanceOf(KvException.class);
    long stored = bench.metadata(KEY).getLong("revision");
    var logger = (Logger) LoggerFactory.getLogger(PublishedKey.class);
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    logger.addAppender(log);

    Outcome next = await(publication.publish().map(outcome -> outcome));

    assertThat(next.isNews()).isFalse();
    assertThat(bench.metadata(KEY).getLong("revision")).isEqualTo(stored);
    assertThat(log.list).isEmpty();
    logger.detachAppender(log);
    await(kv.close());
  }

  @Test
  void anOldAnswerOfTheStoreDoesNotPassForWhatIsInUse() {
    Publication publication = publication(bench.kv());
    await(publication.publish());
    Buffer before = bench.value(KEY);
    JsonObject old = bench.metadata(KEY);
    bench.sql("UPDATE %s SET plan = 'team'");
    await(publication.publish());
    long second = bench.metadata(KEY).getLong("revision");
    bench.sql("UPDATE %s SET plan = 'pro' WHERE id = 'alice'");
    bench.sql("UPDATE %s SET plan = 'free' WHERE id = 'bob'");
    bench.sql("UPDATE %s SET plan = 'a\"b' WHERE id = 'ünï'");
    await(bench.kv().put(KEY, before, old, null));

    await(publication.publish());

    assertThat(bench.metadata(KEY).getLong("revision")).isGreaterThan(second);
  }

  @Test
  void aPairForEachUserHoldsItsFieldsAsJson() {
    var satchel = bench.satchel();

    assertThat(satchel.run("publish", "--layout", "per-key", "--key-prefix", "user:", "--json"))
        .isZero();

    assertThat(text("user:alice")).isEqualTo("{\"preview\":true,\"plan\":\"pro\"}");
    assertThat(text("user:ünï")).isEqualTo("{\"preview\":null,\"plan\":\"a\\\"b\"}");
    assertThat(await(bench.kv().value(KEY))).isEmpty();
    var json = new JsonObject(satchel.out());
    assertThat(json.getInteger("users")).isEqualTo(3);
    assertThat(json.getInteger("requests")).isEqualTo(1);
    assertThat(json.getInteger("bytes")).isPositive();
  }

  @Test
  void moreUsersThanABulkWriteTakesGoInSeveral() {
    bench.sql("INSERT INTO %s SELECT 'user ' || i, true, 'pro' FROM generate_series(4, 10001) i");
    var satchel = bench.satchel();

    assertThat(satchel.run("publish", "--layout", "per-key", "--json")).isZero();

    assertThat(new JsonObject(satchel.out()).getInteger("requests")).isEqualTo(2);
    assertThat(text("user 10001")).isEqualTo("{\"preview\":true,\"plan\":\"pro\"}");
  }

  @Test
  void aUserIdThatCannotBeAKeyIsRefusedBeforeAnyWrite() {
    bench.sql("INSERT INTO %s VALUES (repeat('x', 513), true, 'pro')");
    var satchel = bench.satchel();

    assertThat(satchel.run("publish", "--layout", "per-key")).isEqualTo(1);

    assertThat(satchel.err()).contains("512");
    assertThat(await(bench.kv().keys("", null)).keys()).isEmpty();
  }

  @Test
  void getPrintsOneUserAndStatusThreeSaysThatThereIsNone() {
    var satchel = bench.satchel();
    satchel.run("publish");

    assertThat(satchel.run("get", "ünï")).isZero();
    assertThat(satchel.out().strip()).isEqualTo("{\"preview\":null,\"plan\":\"a\\\"b\"}");
    assertThat(satchel.run("get", "nobody")).isEqualTo(3);
    assertThat(satchel.out()).isEmpty();
    assertThat(satchel.err().lines()).singleElement().asString().contains("nobody");
  }

  @Test
  void inspectSaysWhatTheSnapshotHolds() throws Exception {
    var satchel = bench.satchel();
    assertThat(satchel.run("inspect")).isEqualTo(1);
    satchel.run("publish");
    Path file = folder.resolve("snapshot");
    Files.write(file, bench.value(KEY).getBytes());

    for (String[] args :
        new String[][] {{"inspect", "--json"}, {"inspect", "--json", file.toString()}}) {
      assertThat(satchel.run(args)).isZero();
      var json = new JsonObject(satchel.out());
      assertThat(json.getLong("revision")).isEqualTo(bench.metadata(KEY).getLong("revision"));
      assertThat(json.getInteger("users")).isEqualTo(3);
      var names = new ArrayList<String>();
      json.getJsonArray("sections").forEach(s -> names.add(((JsonObject) s).getString("name")));
      assertThat(names).contains("preview", "plan");
      json.getJsonArray("sections")
          .forEach(
              s ->
                  assertThat(((JsonObject) s).fieldNames())
                      .containsExactlyInAnyOrder(
                          "name",
                          "codec",
                          "valueBytes",
                          "openedBytes",
                          "bitsPerUser",
                          "entropyBitsPerUser",
                          "problem"));
    }
    assertThat(satchel.run("inspect")).isZero();
    assertThat(satchel.out()).contains("preview", "plan", "bits per user", "entropy");
  }

  @Test
  void whatIsNotASoundSnapshotIsStatusOne() throws Exception {
    var satchel = bench.satchel();
    satchel.run("publish");
    byte[] cut = bench.value(KEY).getBytes(0, bench.value(KEY).length() / 2);
    Path file = folder.resolve("cut");
    Files.write(file, cut);

    assertThat(satchel.run("inspect", file.toString())).isEqualTo(1);
    assertThat(satchel.err().lines()).singleElement().asString().startsWith("satchel: ");
    assertThat(satchel.run("inspect", folder.resolve("missing").toString())).isEqualTo(1);
    await(bench.kv().put(KEY, Buffer.buffer(cut), null, null));
    assertThat(satchel.run("inspect")).isEqualTo(1);
  }

  private Publication publication(CloudflareKv kv) {
    return Assembly.of(
            connections,
            SharedDatabase.settings(),
            kv,
            "local/local",
            PublisherSettings.fromEnv(bench.env(), new ArrayList<>()),
            Progress.NONE)
        .publication();
  }

  private String text(String key) {
    return bench.value(key).toString(StandardCharsets.UTF_8);
  }
}
