package dev.satchel.publisher.store;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.text.HostName;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HistoryTest {
  private static final String KEY = "user-configs";

  private final Workbench bench;
  private final SatchelRun satchel;
  private long first;

  HistoryTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
    satchel = bench.satchel();
  }

  @BeforeEach
  void onceIsPublished() {
    assertThat(satchel.run("publish")).isZero();
    first = revision();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void historyListsEachRevisionWithWhatChangedNewestFirst() {
    change("INSERT INTO %s VALUES ('carol', true, 'pro'), ('dan', true, 'pro')");
    change("UPDATE %s SET plan = 'team' WHERE id = 'bob'");

    assertThat(satchel.run("history", "--json")).isZero();

    List<JsonObject> revisions = revisions();
    assertThat(revisions).hasSize(3);
    assertThat(revisions.get(0).getLong("revision")).isEqualTo(revision());
    assertThat(revisions.get(0).getBoolean("inUse")).isTrue();
    assertThat(revisions.get(0).getBoolean("held")).isFalse();
    assertThat(revisions.get(0).getString("host")).isEqualTo(HostName.cut("", 63));
    assertThat(revisions.get(0).getJsonObject("change"))
        .isEqualTo(new UsersChange(0, 0, 1).toJson());
    assertThat(revisions.get(1).getBoolean("inUse")).isFalse();
    assertThat(revisions.get(1).getJsonObject("change"))
        .isEqualTo(new UsersChange(2, 0, 0).toJson());
    assertThat(revisions.get(2).getLong("revision")).isEqualTo(first);
    assertThat(satchel.run("history")).isZero();
    assertThat(satchel.out().lines()).hasSize(4);
    assertThat(satchel.out())
        .contains("+2 -0 users, 0 changed", "in use", Long.toString(first), HostName.cut("", 63));
  }

  @Test
  void nothingPublishedIsAnEmptyHistory() {
    assertThat(satchel.run("history", "--json", "--key", "others")).isZero();
    assertThat(new JsonObject(satchel.out()).getJsonArray("revisions")).isEmpty();
    assertThat(satchel.run("history", "--key", "others")).isZero();
    assertThat(satchel.out()).contains("nothing is published under others");
  }

  @Test
  void diffSaysHowManyUsersAndWhichFieldsDifferAndNamesThemWhenAsked() {
    bench.sql("ALTER TABLE %s ADD COLUMN theme text");
    change(
        "INSERT INTO %s VALUES ('carol', true, 'pro', 'dark'); DELETE FROM %1$s WHERE id = 'ünï';"
            + " UPDATE %1$s SET plan = 'team' WHERE id = 'bob'");

    assertThat(satchel.run("diff", Long.toString(first), "--json", "--users")).isZero();

    var json = new JsonObject(satchel.out());
    assertThat(json.getLong("from")).isEqualTo(first);
    assertThat(json.getLong("to")).isEqualTo(revision());
    assertThat(json.getInteger("added")).isEqualTo(1);
    assertThat(json.getInteger("removed")).isEqualTo(1);
    assertThat(json.getJsonObject("fields").getInteger("plan")).isEqualTo(1);
    assertThat(json.getJsonArray("fieldsAdded")).containsExactly("theme");
    assertThat(
            json.getJsonArray("users").stream()
                .map(user -> ((JsonObject) user).getString("userId")))
        .contains("carol", "ünï", "bob");
    String[] both = {"diff", Long.toString(first), Long.toString(revision())};
    assertThat(satchel.run(both)).isZero();
    assertThat(satchel.out())
        .contains("1 users added, 1 removed", "new fields: theme", "plan")
        .doesNotContain("carol");
    assertThat(satchel.run(both[0], both[1], both[2], "--users", "--limit", "1")).isZero();
    assertThat(satchel.out()).contains("carol", "more (--limit)").doesNotContain("ünï");
    assertThat(satchel.run(both[0], both[1], "--limit", "0")).isEqualTo(2);
  }

  @Test
  void aRevisionThatIsNotThereIsOneLineAndStatusOne() {
    for (String[] args :
        new String[][] {
          {"diff", "7"}, {"get", "alice", "--revision", "7"}, {"rollback", "7", "--settle", "0"}
        }) {
      assertThat(satchel.run(args)).isEqualTo(1);
      assertThat(satchel.err().lines())
          .singleElement()
          .asString()
          .contains("user-configs@7", "satchel history");
    }
    assertThat(satchel.run("rollback", "yesterday")).isEqualTo(2);
  }

  @Test
  void getReadsAnEarlierRevision() {
    change("UPDATE %s SET plan = 'team' WHERE id = 'alice'");

    assertThat(satchel.run("get", "alice", "--revision", Long.toString(first))).isZero();
    assertThat(satchel.out().strip()).isEqualTo("{\"preview\":true,\"plan\":\"pro\"}");
    assertThat(satchel.run("get", "alice")).isZero();
    assertThat(satchel.out().strip()).isEqualTo("{\"preview\":true,\"plan\":\"team\"}");
  }

  @Test
  void noMoreCopiesAreKeptThanAskedFor() {
    IntStream.range(0, 4)
        .forEach(i -> change("UPDATE %s SET plan = 'plan " + i + "'", "--keep-copies", "2"));

    assertThat(copies()).hasSize(2).contains(KEY + "@" + revision());
    assertThat(satchel.run("publish", "--keep-copies", "1")).isEqualTo(2);
    assertThat(satchel.err()).contains("SATCHEL_KEEP_COPIES: expected 2 to 1000 but found 1");
  }

  @Test
  void withoutHistoryThereAreNoCopiesAndWhatIsInUseIsListed() {
    change("UPDATE %s SET plan = 'team'", "--history", "0");

    assertThat(copies()).isEmpty();
    assertThat(satchel.run("history", "--json")).isZero();
    assertThat(revisions()).hasSize(1);
    assertThat(satchel.run("get", "bob", "--revision", Long.toString(revision()))).isZero();
  }

  @Test
  void copiesThatCannotBeTakenAwayFailNoPublication() {
    bench.faults().next(1, "POST", "/bulk/delete").answers(403);
    bench.sql("UPDATE %s SET plan = 'team'");
    assertThat(satchel.run("publish", "--history", "0")).isZero();
    assertThat(copies()).hasSize(1);

    bench.faults().next(1, "GET", "/keys").answers(403);
    change("UPDATE %s SET plan = 'pro'", "--history", "0");
  }

  @Test
  void metadataOfAnOlderSatchelStaysReadable() {
    JsonObject old = bench.metadata(KEY);
    old.remove("host");
    await(bench.kv().put(KEY, bench.value(KEY), old, null));
    await(bench.kv().put(KEY + "@" + first, bench.value(KEY), old, null));
    change("UPDATE %s SET plan = 'team'");

    assertThat(satchel.run("history")).isZero();
    assertThat(satchel.out().lines()).hasSize(3);
    assertThat(satchel.run("diff", Long.toString(first))).isZero();
  }

  @Test
  void theLargestMetadataFitsInWhatWorkersKvTakes() {
    var written = SnapshotMetadata.fromJson(bench.metadata(KEY)).orElseThrow();
    var largest =
        new SnapshotMetadata(
            Long.MAX_VALUE,
            written.contentHash(),
            written.sha256(),
            Integer.MAX_VALUE,
            KvLimits.MAX_VALUE_BYTES,
            written.publishedAt(),
            Integer.MAX_VALUE,
            "h".repeat(63),
            new UsersChange(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE),
            Long.MAX_VALUE,
            new Hold("u".repeat(63), written.publishedAt(), "\"".repeat(Hold.MAX_WHY_BYTES)),
            null,
            null);

    assertThat(largest.toJson().toBuffer().length()).isLessThanOrEqualTo(1_024);
    assertThat(SnapshotMetadata.fromJson(largest.toJson())).contains(largest);
  }

  private long revision() {
    return bench.metadata(KEY).getLong("revision");
  }

  private void change(String sql, String... options) {
    bench.sql(sql);
    Buffer before = bench.value(KEY);
    var args = new ArrayList<>(List.of("publish", "--accept-change"));
    args.addAll(List.of(options));
    assertThat(satchel.run(args.toArray(String[]::new))).describedAs(satchel.err()).isZero();
    assertThat(bench.value(KEY)).isNotEqualTo(before);
  }

  private List<String> copies() {
    return await(bench.kv().keys(KEY + "@", null)).keys().stream().map(key -> key.name()).toList();
  }

  private List<JsonObject> revisions() {
    return new JsonObject(satchel.out())
        .getJsonArray("revisions").stream().map(entry -> (JsonObject) entry).toList();
  }
}
