package dev.satchel.publisher.store;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.Workbench;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.snapshot.SigningKey;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotEncoder;
import dev.satchel.snapshot.SnapshotSignature;
import dev.satchel.snapshot.VerifyingKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From the making of a key to an application that believes what was signed with it. */
@Timeout(90)
class SigningTest {
  private static final String KEY = "user-configs";

  private final Path folder;
  private final Path keyFile;
  private final Workbench bench;
  private SatchelRun satchel;
  private VerifyingKey publicKey = SigningKey.generate().verifyingKey();

  SigningTest(@TempDir Path folder) {
    this.folder = folder;
    this.keyFile = folder.resolve("signing.pem");
    bench = Workbench.in(folder.resolve("kv"));
    satchel = bench.satchel();
  }

  @BeforeEach
  void makeAKey() {
    assertThat(satchel.run("keygen", keyFile.toString())).describedAs(satchel.err()).isZero();
    publicKey = VerifyingKey.parse(satchel.out());
    satchel = bench.satchel().and("SATCHEL_SIGNING_KEY_FILE", keyFile.toString());
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void keygenWritesAFileForItsOwnerAloneAndPrintsThePublicKeyOnOneLine() throws IOException {
    SigningKey written = SigningKey.parse(Files.readString(keyFile));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
        .isEqualTo("rw-------");
    assertThat(written.verifyingKey()).isEqualTo(publicKey);
    SatchelRun again = bench.satchel();
    assertThat(again.run("keygen", "--json", folder.resolve("next.pem").toString())).isZero();
    var json = new JsonObject(again.out());
    assertThat(VerifyingKey.parse(json.getString("publicKey")).id())
        .isEqualTo(json.getString("keyId"));
    assertThat(again.out() + again.err())
        .doesNotContain(Files.readAllLines(folder.resolve("next.pem")).get(1).substring(20, 60));
  }

  @Test
  void keygenOverwritesNothing() throws IOException {
    String before = Files.readString(keyFile);

    assertThat(satchel.run("keygen", keyFile.toString())).isEqualTo(1);

    assertThat(satchel.err()).contains("a key is never overwritten");
    assertThat(Files.readString(keyFile)).isEqualTo(before);
  }

  @Test
  void anApplicationBelievesWhatIsSignedAndNotTheUnsignedThatComesAfter() {
    assertThat(satchel.run("publish")).describedAs(satchel.err()).isZero();
    var env = new HashMap<>(bench.env());
    env.put("SATCHEL_PUBLIC_KEYS", publicKey.text());
    ConfigClient client = ConfigClient.openBlocking(env);
    assertThat(client.getString("alice", "plan", "")).isEqualTo("pro");
    assertThat(bench.metadata(KEY).getString("signedBy")).isEqualTo(publicKey.id());

    bench.sql("UPDATE %s SET plan = 'free' WHERE id = 'alice'");
    assertThat(bench.satchel().run("publish", "--accept-change")).isZero();
    assertThat(client.refreshBlocking().state()).isEqualTo(State.STALE);
    assertThat(client.getString("alice", "plan", "")).isEqualTo("pro");

    assertThat(satchel.run("publish", "--accept-change")).isZero();
    assertThat(client.refreshBlocking().state()).isEqualTo(State.FRESH);
    assertThat(client.getString("alice", "plan", "")).isEqualTo("free");
    client.close();
  }

  @Test
  void theSameContentIsPublishedOnceMoreWhenItsSignatureIsToBeAnother() {
    assertThat(bench.satchel().run("publish", "--json")).isZero();
    String contentHash = bench.metadata(KEY).getString("contentHash");

    assertThat(satchel.run("publish", "--json")).describedAs(satchel.err()).isZero();
    assertThat(new JsonObject(satchel.out()).getString("outcome")).isEqualTo("published");
    assertThat(bench.metadata(KEY).getString("contentHash")).isEqualTo(contentHash);
    assertThat(satchel.run("publish", "--json")).isZero();
    assertThat(new JsonObject(satchel.out()).getString("outcome")).isEqualTo("unchanged");
  }

  @Test
  void inspectAndGetSayWhoSignedAndWhetherThatIsTrue() throws IOException {
    assertThat(satchel.run("publish")).isZero();
    SatchelRun believing = bench.satchel().and("SATCHEL_PUBLIC_KEYS", publicKey.text());
    SatchelRun doubting =
        bench.satchel().and("SATCHEL_PUBLIC_KEYS", SigningKey.generate().verifyingKey().text());
    Path file = folder.resolve("file.satchel");
    Files.write(file, bench.value(KEY).getBytes());

    assertThat(believing.run("inspect")).isZero();
    assertThat(believing.out()).contains("by key " + publicKey.id() + ", verified");
    assertThat(believing.run("inspect", file.toString(), "--json")).isZero();
    assertThat(new JsonObject(believing.out()).getBoolean("verified")).isTrue();
    assertThat(believing.run("get", "alice")).isZero();

    assertThat(doubting.run("inspect")).isEqualTo(1);
    assertThat(doubting.out()).contains("by key " + publicKey.id() + ", NOT VERIFIED");
    assertThat(doubting.run("inspect", "--key", "other", file.toString())).isEqualTo(1);
    assertThat(doubting.run("get", "alice")).isEqualTo(1);
    assertThat(doubting.err()).contains("names " + publicKey.id() + " and does not verify");

    assertThat(believing.run("inspect", "--key", "other", file.toString())).isEqualTo(1);
    assertThat(bench.satchel().run("inspect")).isZero();
  }

  @Test
  void aRollbackIsSignedAsANewRevision() {
    assertThat(satchel.run("publish")).isZero();
    long first = bench.metadata(KEY).getLong("revision");
    bench.sql("UPDATE %s SET plan = 'oops'");
    assertThat(satchel.run("publish", "--accept-change")).isZero();

    assertThat(satchel.run("rollback", Long.toString(first), "--settle", "0"))
        .describedAs(satchel.err())
        .isZero();

    byte[] value = bench.value(KEY).getBytes();
    assertThat(Snapshot.open(value).revision()).isGreaterThan(first);
    assertThat(SnapshotSignature.of(value).orElseThrow().isBy(publicKey, KEY)).isTrue();
  }

  @Test
  void aRollbackToACopyThatSomebodyPlantedSignsNothing() {
    assertThat(satchel.run("publish")).isZero();
    Buffer before = bench.value(KEY);
    var encoder = new SnapshotEncoder(List.of("preview", "plan"));
    encoder.add("alice", new Object[] {true, "enterprise"});
    byte[] planted =
        SigningKey.generate().sign(encoder.encode(5, Instant.parse("2026-01-01T00:00:00Z")), KEY);
    var metadata = SnapshotMetadata.of(Snapshot.open(planted), planted).toJson();
    await(bench.kv().put(KEY + "@5", Buffer.buffer(planted), metadata, null));

    assertThat(satchel.run("rollback", "5", "--settle", "0")).isEqualTo(1);

    assertThat(satchel.err()).contains("expected revision 5 to be signed for key user-configs by");
    assertThat(bench.value(KEY)).isEqualTo(before);
  }

  @Test
  void aKeyThatIsNoneAndOneThatPairsCannotCarryAreWrongSettings() {
    SatchelRun wrong = bench.satchel().and("SATCHEL_SIGNING_KEY", "MC4CAQAwBQYDK2Vw");

    assertThat(wrong.run("publish")).isEqualTo(2);
    assertThat(wrong.err())
        .contains("SATCHEL_SIGNING_KEY: expected an Ed25519 private key")
        .doesNotContain("MC4CAQAwBQYDK2Vw");
    assertThat(satchel.run("publish", "--layout", "per-key")).isEqualTo(2);
    assertThat(satchel.err()).contains("pairs for each user have no signature");
  }
}
