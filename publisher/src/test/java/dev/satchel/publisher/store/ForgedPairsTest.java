package dev.satchel.publisher.store;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.satchel.kv.RevisionBound;
import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.Workbench;
import dev.satchel.snapshot.SigningKey;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotEncoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody has the KV token, but not the signing key, and writes whatever they like. */
@Timeout(90)
class ForgedPairsTest {
  private static final String KEY = "user-configs";
  private static final int USERS = 2_000;

  private final Workbench bench;
  private SatchelRun satchel;
  private JsonObject good = new JsonObject();
  private Buffer value = Buffer.buffer();

  ForgedPairsTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
    satchel = bench.satchel().and("SATCHEL_READ_BACK", "3s");
  }

  @BeforeEach
  void aGoodRevisionIsPublished() {
    bench.sql(
        "INSERT INTO %s SELECT 'user ' || i, i < 600, 'free' FROM generate_series(4, 2000) i");
    publishGood();
  }

  private void publishGood() {
    assertThat(satchel.run("publish")).describedAs(satchel.err()).isZero();
    good = bench.metadata(KEY);
    value = bench.value(KEY);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private void isSigned() {
    satchel = satchel.and("SATCHEL_SIGNING_KEY", SigningKey.generate().toPem());
    assertThat(satchel.run("publish", "--accept-change")).isZero();
    good = bench.metadata(KEY);
    value = bench.value(KEY);
  }

  private void put(String key, Buffer value, JsonObject metadata) {
    await(bench.kv().put(key, value, metadata, null));
  }

  private void changeOneUser() {
    bench.sql("UPDATE %s SET preview = NOT preview WHERE id = 'alice'");
  }

  private void loseNearlyAllUsers() {
    bench.sql("DELETE FROM %s WHERE id NOT IN ('alice', 'bob', 'user 9')");
  }

  private long revision() {
    long revision = bench.metadata(KEY).getLong("revision");
    assertThat(bench.published().revision()).isEqualTo(revision);
    return revision;
  }

  private void publishesAbove(long before) {
    assertThat(satchel.run("publish")).describedAs(satchel.err()).isZero();
    assertThat(satchel.out()).startsWith("published revision");
    assertThat(revision())
        .isGreaterThan(before)
        .matches(found -> RevisionBound.isBelievable(found, Instant.now()));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 1, 4_000_000_000_000L})
  void aForgedRevisionFarAheadIsNotFollowedAndRevisionsOnlyGrow(long far) {
    long first = good.getLong("revision");
    put(KEY, value, good.copy().put("revision", far).put("contentHash", "0".repeat(64)));
    changeOneUser();
    publishesAbove(first);
    long second = revision();

    put(KEY + "@" + far, value, good.copy().put("revision", far));
    changeOneUser();
    publishesAbove(second);
    assertThat(satchel.run("publish")).isZero();
    assertThat(satchel.out()).startsWith("unchanged");
  }

  @Test
  void aForgedRevisionOfTomorrowIsNotFollowedIfThereAreKeys() {
    isSigned();
    long tomorrow = Instant.now().plus(Duration.ofHours(23)).toEpochMilli();
    put(KEY, value, good.copy().put("revision", tomorrow));
    put(KEY + "@" + tomorrow, value, good.copy().put("revision", tomorrow));
    changeOneUser();

    publishesAbove(good.getLong("revision"));

    assertThat(revision()).isLessThanOrEqualTo(Instant.now().toEpochMilli());
    assertThat(satchel.run("publish")).isZero();
    assertThat(satchel.out()).startsWith("unchanged");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aKeyThatHoldsARevisionFarAheadIsLeftOnlyWhenAPersonSaysSo(boolean isSigned) {
    var key = SigningKey.generate();
    if (isSigned) {
      satchel = satchel.and("SATCHEL_SIGNING_KEY", key.toPem());
    }
    var encoder = new SnapshotEncoder(List.of("preview", "plan"));
    encoder.add("alice", new Object[] {true, "pro"});
    byte[] bytes = encoder.encode(Long.MAX_VALUE, Instant.now());
    Buffer far = Buffer.buffer(isSigned ? key.sign(bytes, KEY) : bytes);
    JsonObject metadata = ForgedValue.metadata(good, Long.MAX_VALUE, far);
    put(KEY, far, metadata);
    put(KEY + "@" + Long.MAX_VALUE, far, metadata);

    for (int run = 0; run < 2; run++) {
      assertThat(satchel.run("publish")).isEqualTo(1);
      assertThat(satchel.err().lines())
          .singleElement()
          .asString()
          .contains(
              "but found " + Long.MAX_VALUE + " in the value under " + KEY,
              "nothing was written",
              "--accept-change");
      assertThat(bench.value(KEY)).isEqualTo(far);
    }
    assertThat(satchel.run("rollback", good.getLong("revision").toString(), "--settle", "0"))
        .isEqualTo(1);
    assertThat(bench.value(KEY)).isEqualTo(far);

    assertThat(satchel.run("publish", "--accept-change")).describedAs(satchel.err()).isZero();
    long now = revision();
    assertThat(now).isLessThanOrEqualTo(Instant.now().toEpochMilli());
    changeOneUser();
    publishesAbove(now);
  }

  static Stream<byte[]> garbage() throws Exception {
    byte[] bomb = Zstd.compress(new byte[200 << 20]);
    return Stream.of(
        "garbage".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        new byte[0],
        new byte[100_000],
        bomb,
        ForgedValue.ofAHundredMillionUsers(Instant.now().toEpochMilli()));
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void whateverLiesUnderTheKeyIsHealedByPublishingAgain(byte[] garbage) {
    Buffer found = Buffer.buffer(garbage);
    for (JsonObject metadata :
        List.of(good, ForgedValue.metadata(good, good.getLong("revision"), found))) {
      put(KEY, found, metadata);
      publishesAbove(good.getLong("revision")); // though the database says the same as before
      changeOneUser();
      put(KEY, found, metadata);
      publishesAbove(good.getLong("revision"));
      put(KEY, found, metadata);
      assertThat(satchel.run("publish", "--accept-change")).isZero();
      put(KEY, found, metadata);
      assertThat(satchel.run("rollback", good.getLong("revision").toString(), "--settle", "0"))
          .describedAs(satchel.err())
          .isZero();
      assertThat(bench.published().users()).isEqualTo(USERS);
      assertThat(satchel.run("resume")).isZero();
      assertThat(satchel.run("publish")).isZero();
    }
  }

  @Test
  void aTruncatedValueIsHealed() {
    put(KEY, value.slice(0, value.length() / 2), good);

    publishesAbove(good.getLong("revision"));
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void guardsCompareWithTheLastGoodCopyIfTheKeyHoldsGarbage(byte[] garbage) {
    Buffer found = Buffer.buffer(garbage);
    put(KEY, found, ForgedValue.metadata(good, good.getLong("revision"), found));
    loseNearlyAllUsers();

    refusesTheLoss();

    assertThat(bench.value(KEY)).isEqualTo(found);
    assertThat(satchel.run("publish", "--accept-change")).isZero();
    assertThat(bench.published().users()).isEqualTo(3);
  }

  private void refusesTheLoss() {
    assertThat(satchel.run("publish")).describedAs(satchel.out()).isEqualTo(1);
    assertThat(satchel.err()).contains("found 3 instead of 2,000 users");
  }

  @Test
  void guardsCompareWithTheLastGoodCopyIfTheKeyIsGone() {
    await(bench.kv().delete(KEY));
    loseNearlyAllUsers();
    refusesTheLoss();

    await(bench.kv().delete(KEY + "@" + good.getLong("revision")));
    assertThat(satchel.run("publish")).isZero(); // a namespace without any: the first publication
  }

  @Test
  void guardsCompareWithTheLastGoodCopyIfSomebodyWroteASmallSnapshot() {
    var encoder = new SnapshotEncoder(List.of("preview", "plan"));
    encoder.add("alice", new Object[] {true, "pro"});
    long next = good.getLong("revision") + 1;
    Buffer small = Buffer.buffer(encoder.encode(next, Instant.now()));
    put(KEY, small, ForgedValue.metadata(good, next, small));
    loseNearlyAllUsers();

    refusesTheLoss();
  }

  @Test
  void guardsPassOverCopiesThatAreNotSoundOrNotSigned() throws Exception {
    isSigned();
    var encoder = new SnapshotEncoder(List.of("preview", "plan"));
    encoder.add("alice", new Object[] {true, "pro"});
    for (int i = 1; i <= 3; i++) {
      long revision = good.getLong("revision") + i;
      byte[] small = encoder(i == 1).encode(revision, Instant.now());
      Buffer forged = Buffer.buffer(i == 2 ? SigningKey.generate().sign(small, KEY) : small);
      put(KEY + "@" + revision, forged, ForgedValue.metadata(good, revision, forged));
    }
    await(bench.kv().delete(KEY));
    loseNearlyAllUsers();

    refusesTheLoss();
  }

  private static SnapshotEncoder encoder(boolean isEmpty) {
    var encoder = new SnapshotEncoder(List.of("preview", "plan"));
    if (!isEmpty) {
      encoder.add("alice", new Object[] {true, "pro"});
    }
    return encoder;
  }

  @Test
  void anOldSignedSnapshotPutBackDoesNotLowerTheGuards() {
    isSigned();
    bench.sql("DELETE FROM %s WHERE id NOT IN ('alice', 'bob')");
    assertThat(satchel.run("publish", "--accept-change")).isZero();
    Buffer small = bench.value(KEY);
    JsonObject smallMetadata = bench.metadata(KEY);
    bench.sql("INSERT INTO %s SELECT 'new ' || i, true, 'free' FROM generate_series(1, 1998) i");
    assertThat(satchel.run("publish", "--accept-change")).isZero();
    put(KEY, small, smallMetadata);
    bench.sql("DELETE FROM %s WHERE starts_with(id, 'new')");

    assertThat(satchel.run("publish")).isEqualTo(1);
    assertThat(satchel.err()).contains("instead of 2,000 users");
  }

  @Test
  void metadataThatAreNoObjectAreReplaced() throws Exception {
    for (String odd : List.of("[1]", "7", "\"text\"", "true", "{}")) {
      putRaw(KEY, odd);

      publishesAbove(good.getLong("revision"));
    }
  }

  private void putRaw(String key, String metadata) throws Exception {
    var settings = bench.kvSettings();
    Map<String, String> env = bench.env();
    String body =
        "--b\r\nContent-Disposition: form-data; name=\"value\"\r\n\r\nx\r\n--b\r\n"
            + "Content-Disposition: form-data; name=\"metadata\"\r\n\r\n"
            + metadata
            + "\r\n--b--\r\n";
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            env.get("CLOUDFLARE_API_BASE_URL")
                                + "/accounts/"
                                + env.get("CLOUDFLARE_ACCOUNT_ID")
                                + "/storage/kv/namespaces/"
                                + env.get("CLOUDFLARE_WORKERS_KV_NAMESPACE_ID")
                                + "/values/"
                                + key.replace("@", "%40")))
                    .header("Authorization", "Bearer " + env.get("CLOUDFLARE_API_TOKEN"))
                    .header("Content-Type", "multipart/form-data; boundary=b")
                    .PUT(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(settings + ": " + answer.body()).isEqualTo(200);
  }

  @Test
  void oneBadCopyHidesNoGoodOneAndNeitherKeepsPruningNorPublishingBusy() throws Exception {
    long first = good.getLong("revision");
    changeOneUser();
    publishGood();
    long second = good.getLong("revision");
    long n = 0;
    for (Object time :
        Stream.of(
                "+1000000000-12-31T23:59:59.999999999Z",
                "-1000000000-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z",
                "9999-12-31T23:59:59Z",
                "1969-12-31T23:59:59Z",
                "yesterday",
                7,
                -1e300,
                new JsonArray(),
                new JsonObject())
            .toList()) {
      long revision = first + ++n;
      put(
          KEY + "@" + revision,
          value,
          good.copy().put("revision", revision).put("publishedAt", time));
    }
    for (Object odd : Stream.of(Long.MAX_VALUE, -1, 0, 1.5, "9", 1e300, new JsonArray()).toList()) {
      put(KEY + "@" + odd, value, good.copy().put("revision", odd));
    }
    put(KEY + "@" + (first + 20), value, good.copy().put("users", -5).put("bytes", "many"));
    put(KEY + "@elsewhere", value, good);
    put(KEY + "@", value, good);
    for (String odd : List.of("[1]", "7", "\"text\"", "{\"hold\":[],\"change\":7}")) {
      putRaw(KEY + "@" + (first + 30), odd);
    }

    assertThat(satchel.run("history", "--json")).describedAs(satchel.err()).isZero();
    assertThat(satchel.out()).contains(Long.toString(first), Long.toString(second));
    assertThat(satchel.run("publish")).describedAs(satchel.err()).isZero();
    assertThat(satchel.out()).startsWith("unchanged since revision " + second);
    changeOneUser();
    satchel = satchel.and("SATCHEL_KEEP_COPIES", "2");
    publishesAbove(second);
    assertThat(await(bench.kv().metadata(KEY + "@" + first))).as("the pruned copy").isEmpty();
    assertThat(satchel.run("publish")).isZero();
    assertThat(satchel.out()).startsWith("unchanged since revision");
    assertThat(Snapshot.open(bench.value(KEY + "@" + second).getBytes()).users()).isEqualTo(USERS);
  }
}
