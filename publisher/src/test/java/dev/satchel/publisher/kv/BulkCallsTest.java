package dev.satchel.publisher.kv;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.kv.Futures.failureOf;
import static dev.satchel.publisher.kv.Futures.kvFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BulkCallsTest extends ScriptedKv {
  private static final Pattern KEY = Pattern.compile("\\{\"key\":");

  @Test
  void writesBinaryValuesAsBase64() {
    server.script(done(2));
    var binary = Buffer.buffer(new byte[] {0, -1, 10, 13});

    await(kv.putAll(List.of(new KvPair("a\"\\\n/é🎉", binary), new KvPair("b", Buffer.buffer()))));

    var request = server.onlyRequest();
    assertThat(request.method()).isEqualTo("PUT");
    assertThat(request.target()).isEqualTo(PATH + "/bulk");
    assertThat(request.headers()).containsEntry("content-type", "application/json");
    assertThat(new JsonArray(request.body()))
        .isEqualTo(
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("key", "a\"\\\n/é🎉")
                        .put("base64", true)
                        .put("value", Base64.getEncoder().encodeToString(binary.getBytes())))
                .add(new JsonObject().put("key", "b").put("base64", true).put("value", "")));
  }

  @Test
  void asksNothingForNothing() {
    await(kv.putAll(List.of()));
    await(kv.deleteAll(List.of()));

    assertThat(server.requests()).isEmpty();
  }

  @Test
  void writesAtMostTenThousandPairsAtOnceAndInOrder() {
    server.script(done(10_000), done(10_000), done(1));
    var pairs =
        IntStream.range(0, 20_001)
            .mapToObj(i -> new KvPair("k" + i, Buffer.buffer("v" + i)))
            .toList();

    await(kv.putAll(pairs));

    var written = new ArrayList<String>();
    assertThat(server.requests()).hasSize(3);
    server.requests().forEach(request -> written.addAll(pairsOf(request).keySet()));
    assertThat(written).isEqualTo(pairs.stream().map(KvPair::key).toList());
  }

  @Test
  void keepsEachRequestFarBelowAHundredMegabytes() {
    server.script(ScriptedServer.success("{}"));
    var half = Buffer.buffer(new byte[15_000_000]);
    var largest = Buffer.buffer(new byte[26_214_400]);

    await(
        kv.putAll(
            List.of(
                new KvPair("a", half),
                new KvPair("b", half),
                new KvPair("c", largest),
                new KvPair("d", Buffer.buffer("v")))));

    assertThat(server.requests())
        .extracting(request -> request.body().length())
        .allMatch(bytes -> bytes <= BulkCalls.MAX_BATCH_BYTES);
    assertThat(server.requests())
        .extracting(request -> KEY.matcher(request.body().toString()).results().count())
        .containsExactly(1L, 1L, 2L);
  }

  @Test
  void endsWithTheLastValueOfAKeyThatComesTwice() {
    server.script(ScriptedServer.success("{}"));

    await(
        kv.putAll(
            List.of(
                new KvPair("a", Buffer.buffer("1")),
                new KvPair("b", Buffer.buffer("2")),
                new KvPair("a", Buffer.buffer("3")))));

    assertThat(server.requests())
        .extracting(BulkCallsTest::pairsOf)
        .containsExactly(Map.of("a", "1", "b", "2"), Map.of("a", "3"));
  }

  @Test
  void writesAgainWhatABatchLeftOut() {
    server.script(left("b", "c"), left("c"), done(1));

    await(kv.putAll(abc()));

    assertThat(server.requests())
        .extracting(BulkCallsTest::pairsOf)
        .containsExactly(
            Map.of("a", "1", "b", "2", "c", "3"), Map.of("b", "2", "c", "3"), Map.of("c", "3"));
    assertThat(logLines())
        .containsExactly(
            "retry 1 of 2 in 2 ms: PUT /bulk: expected all of 3 keys to be done but found 2 unsuccessful: b, c",
            "retry 2 of 2 in 4 ms: PUT /bulk: expected all of 2 keys to be done but found 1 unsuccessful: c");
  }

  @Test
  void saysHowManyStayUnwrittenAndNamesTheFirst() {
    server.script(left("k0", "k1", "k2\\n", "k3", "k4", "k5", "k6"));
    var pairs = new ArrayList<KvPair>();
    for (var key : List.of("k0", "k1", "k2\n", "k3", "k4", "k5", "k6", "k7")) {
      pairs.add(new KvPair(key, Buffer.buffer("v")));
    }

    var failure = kvFailureOf(kv.putAll(pairs));

    assertThat(failure)
        .hasMessage(
            "PUT /bulk: expected all of 7 keys to be done but found 7 unsuccessful: k0, k1, k2, k3, k4, …, after 3 attempts");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void deletesInBatchesAndAgainWhatWasLeftOut() {
    server.script(done(10_000), left("k10000"), done(1));
    var keys = new ArrayList<>(IntStream.range(0, 10_001).mapToObj(i -> "k" + i).toList());
    keys.add("k0");

    await(kv.deleteAll(keys));

    assertThat(server.requests())
        .allMatch(request -> request.method().equals("POST"))
        .allMatch(request -> request.target().equals(PATH + "/bulk/delete"))
        .extracting(request -> new JsonArray(request.body()).size())
        .containsExactly(10_000, 1, 1);
  }

  @Test
  void saysHowManyStayUndeleted() {
    server.script(left("b"));

    assertThat(kvFailureOf(kv.deleteAll(List.of("a", "b"))))
        .hasMessage(
            "POST /bulk/delete: expected all of 1 keys to be done but found 1 unsuccessful: b, after 3 attempts");
  }

  @Test
  void refusesAnAnswerThatSpeaksOfOtherKeys() {
    server.script(left("z"));

    assertThat(kvFailureOf(kv.putAll(abc())))
        .hasMessageContaining("expected unsuccessful keys of this batch");
  }

  @Test
  void writesNothingWhenOnePairIsBeyondTheLimits() {
    var pairs = new ArrayList<>(abc());
    pairs.add(new KvPair("d", Buffer.buffer(new byte[26_214_401])));

    assertThat(failureOf(kv.putAll(pairs))).isInstanceOf(IllegalArgumentException.class);

    assertThat(server.requests()).isEmpty();
  }

  @Test
  void stopsAtTheFirstBatchThatFails() {
    server.script(done(10_000), ScriptedServer.error(400, 1, "no"));
    var keys = IntStream.range(0, 30_000).mapToObj(i -> "k" + i).toList();

    assertThat(kvFailureOf(kv.deleteAll(keys)).status()).isEqualTo(400);

    assertThat(server.requests()).hasSize(2);
  }

  private static List<KvPair> abc() {
    return List.of(
        new KvPair("a", Buffer.buffer("1")),
        new KvPair("b", Buffer.buffer("2")),
        new KvPair("c", Buffer.buffer("3")));
  }

  private static ScriptedServer.Answer done(int keys) {
    return ScriptedServer.success(
        "{\"successful_key_count\":" + keys + ",\"unsuccessful_keys\":[]}");
  }

  private static ScriptedServer.Answer left(String... keys) {
    return ScriptedServer.success(
        "{\"successful_key_count\":0,\"unsuccessful_keys\":[\""
            + String.join("\",\"", keys)
            + "\"]}");
  }

  private static Map<String, String> pairsOf(ScriptedServer.Request request) {
    var pairs = new LinkedHashMap<String, String>();
    for (var item : new JsonArray(request.body())) {
      var pair = (JsonObject) item;
      pairs.put(
          pair.getString("key"),
          new String(Base64.getDecoder().decode(pair.getString("value")), StandardCharsets.UTF_8));
    }
    return pairs;
  }
}
