package dev.satchel.publisher.publish;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.Digests;
import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.Workbench;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotPatch;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PatchTest {
  private static final String KEY = "user-configs";

  private final Path folder;
  private final Workbench bench;
  private final SatchelRun satchel;

  PatchTest(@TempDir Path folder) {
    this.folder = folder;
    bench = Workbench.in(folder);
    satchel = bench.satchel();
  }

  @BeforeEach
  void onceIsPublishedWithEnoughUsers() {
    bench.sql(
        "INSERT INTO %s SELECT 'user ' || md5(n::text), true, 'pro' FROM generate_series(1, 500) n");
    assertThat(satchel.run("publish")).isZero();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aPublicationLeavesThePatchFromTheRevisionBeforeWhichExpiresByItself() {
    byte[] before = value();
    long was = metadata().getLong("revision");
    assertThat(metadata().containsKey("patch")).isFalse();

    change("UPDATE %s SET plan = 'team' WHERE id = 'bob'");

    JsonObject named = metadata().getJsonObject("patch");
    byte[] patch = patch();
    assertThat(named.getLong("from")).isEqualTo(was);
    assertThat(named.getInteger("bytes")).isEqualTo(patch.length);
    assertThat(named.getString("sha256")).isEqualTo(Digests.sha256(patch));
    assertThat(await(bench.kv().keys(patchKey(), null)).keys().get(0).expiresAt())
        .isBetween(Instant.now().plusSeconds(86_000), Instant.now().plusSeconds(86_400));
    Snapshot made = SnapshotPatch.of(patch).applyTo(Snapshot.open(before));
    assertThat(made.header()).isEqualTo(Snapshot.open(value()).header());
    assertThat(satchel.run("history", "--json")).isZero();
    assertThat(new JsonObject(satchel.out()).getJsonArray("revisions")).hasSize(2);
  }

  @Test
  void eachPatchNamesTheOneBeforeAndARollbackHasOneToo() {
    change("UPDATE %s SET plan = 'team' WHERE id = 'bob'");
    long second = metadata().getLong("revision");
    byte[] between = patch();
    change("UPDATE %s SET plan = 'free' WHERE id = 'bob'");
    assertThat(SnapshotPatch.of(patch()).earlier().orElseThrow().sha256())
        .isEqualTo(Digests.sha256(between));

    assertThat(satchel.run("rollback", Long.toString(second), "--settle", "0")).isZero();

    SnapshotPatch back = SnapshotPatch.of(patch());
    assertThat(back.to()).isEqualTo(metadata().getLong("revision"));
    assertThat(back.earlier()).isPresent();
  }

  @Test
  void noPatchIsMadeIfTheyAreOffOrTheValueBeforeIsNotTheOneThatIsNamed() {
    change("UPDATE %s SET plan = 'team' WHERE id = 'bob'", "--patches", "off");
    assertThat(metadata().containsKey("patch")).isFalse();

    JsonObject foreign = metadata().put("revision", metadata().getLong("revision") + 1);
    await(bench.kv().put(KEY, Buffer.buffer("no snapshot"), foreign, null));
    change("UPDATE %s SET plan = 'free' WHERE id = 'bob'");
    assertThat(metadata().containsKey("patch")).isFalse();
  }

  @Test
  void noPatchIsMadeThatWouldBeALargePartOfTheValue() {
    change("UPDATE %s SET plan = md5(id)", "--accept-change");
    assertThat(metadata().containsKey("patch")).isFalse();
  }

  @Test
  void inspectReadsAPatch() throws IOException {
    change("UPDATE %s SET plan = 'team' WHERE id = 'bob'");
    Path file = Files.write(folder.resolve("a.patch"), patch());

    assertThat(satchel.run("inspect", file.toString(), "--json")).isZero();

    JsonObject said = new JsonObject(satchel.out());
    assertThat(said.getLong("to")).isEqualTo(metadata().getLong("revision"));
    assertThat(said.getInteger("bytes")).isEqualTo(patch().length);
    assertThat(satchel.run("inspect", file.toString())).isZero();
    assertThat(satchel.out()).contains("a patch from revision");
  }

  @Test
  void historyOfAUserSaysWhenAndWhatChanged() {
    long first = metadata().getLong("revision");
    change("UPDATE %s SET plan = 'team' WHERE id = 'bob'");
    long second = metadata().getLong("revision");
    change("UPDATE %s SET plan = 'team' WHERE id = 'alice'");
    change("DELETE FROM %s WHERE id = 'bob'");

    assertThat(satchel.run("history", "--user", "bob")).isZero();

    assertThat(satchel.out())
        .contains(Long.toString(second))
        .contains("plan")
        .contains("\"team\"")
        .contains("removed")
        .contains(Long.toString(first));
    assertThat(satchel.run("history", "--user", "bob", "--json")).isZero();
    var changes = new JsonObject(satchel.out()).getJsonArray("changes");
    assertThat(changes).hasSize(3);
    assertThat(changes.getJsonObject(1).getJsonObject("after").getString("plan")).isEqualTo("team");
  }

  private void change(String sql, String... options) {
    bench.sql(sql);
    var words = new java.util.ArrayList<>(java.util.List.of("publish"));
    words.addAll(java.util.List.of(options));
    assertThat(satchel.run(words.toArray(String[]::new))).as(satchel.err()).isZero();
  }

  private JsonObject metadata() {
    return await(bench.kv().metadata(KEY)).orElseThrow();
  }

  private byte[] value() {
    return await(bench.kv().value(KEY)).orElseThrow().getBytes();
  }

  private String patchKey() {
    return KEY + "@" + metadata().getLong("revision") + ".patch";
  }

  private byte[] patch() {
    return await(bench.kv().value(patchKey())).orElseThrow().getBytes();
  }
}
