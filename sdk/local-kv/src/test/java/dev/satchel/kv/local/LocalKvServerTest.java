package dev.satchel.kv.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of the contract's first table: what each request does and answers. */
class LocalKvServerTest extends ServerTest {

  @Test
  void aNamespaceIsMadeListedRenamedAndDeleted() {
    JsonNode created = rest.post("", "{\"title\":\"t1\"}").result();
    String path = "/" + created.get("id").asText();
    assertThat(created.get("title").asText()).isEqualTo("t1");
    assertThat(created.get("supports_url_encoding").asBoolean()).isTrue();

    assertThat(rest.get(path).result()).isEqualTo(created);
    assertThat(rest.put(path, "{\"title\":\"t2\"}").result().get("title").asText()).isEqualTo("t2");
    assertThat(rest.delete(path).result().isEmpty()).isTrue();

    assertThat(rest.get(path).refusal()).isEqualTo("404/10013");
    assertThat(rest.put(path + "/values/k", "v").refusal()).isEqualTo("404/10013");
  }

  @Test
  void aTitleIsTakenOnlyOnceInAnAccount() {
    assertThat(rest.post("", "{\"title\":\"a namespace\"}").refusal()).isEqualTo("400/10014");
    String other = rest.namespace("other");
    assertThat(rest.put(other, "{\"title\":\"a namespace\"}").refusal()).isEqualTo("400/10014");
    assertThat(rest.put(other, "{\"title\":\"other\"}").status()).isEqualTo(200);

    var elsewhere = new Rest(server, "another-account");
    assertThat(elsewhere.namespace("a namespace")).isNotEqualTo(namespace);
    assertThat(elsewhere.get(namespace).refusal()).isEqualTo("404/10013");
  }

  @Test
  void namespacesComeInPagesAndThePagePastTheEndIsEmpty() {
    rest.namespace("b");
    rest.namespace("c");

    assertThat(titles(rest.get("?page=1&per_page=2"))).containsExactly("a namespace", "b");
    Rest.Reply second = rest.get("?page=2&per_page=2");
    assertThat(titles(second)).containsExactly("c");
    assertThat(second.json().get("result_info"))
        .hasToString("{\"page\":2,\"per_page\":2,\"count\":1,\"total_count\":3}");
    assertThat(titles(rest.get("?page=3&per_page=2"))).isEmpty();
  }

  private static List<String> titles(Rest.Reply reply) {
    return reply.result().findValuesAsText("title");
  }

  @Test
  void aValueIsReadAsItWasWrittenWhateverItsContentType() {
    byte[] bytes = {0, -1, 13, 10, 10, 13, 127, -128};
    for (String type : List.of("text/plain", "application/json", "application/octet-stream")) {
      rest.send("PUT", value("k"), BodyPublishers.ofByteArray(bytes), "Content-Type", type)
          .result();
      Rest.Reply read = rest.get(value("k"));
      assertThat(read.status()).isEqualTo(200);
      assertThat(read.bytes()).isEqualTo(bytes);
      assertThat(read.header("content-type")).isEqualTo("application/octet-stream");
      assertThat(read.header("expiration")).isEmpty();
    }
  }

  @Test
  void anEmptyValueIsAValue() {
    rest.put(value("k"), "").result();

    assertThat(rest.get(value("k")).status()).isEqualTo(200);
    assertThat(rest.get(value("k")).bytes()).isEmpty();
  }

  @Test
  void aMultipartBodyCarriesExactBytesAndMetadataAndUnknownPartsAreIgnored() {
    byte[] bytes = "--x\r\n\0\n\r--bound\r\n-- ".getBytes(StandardCharsets.ISO_8859_1);
    for (String disposition : List.of("name=\"value\"; filename=\"f\"", "name=value")) {
      byte[] body =
          new MultipartBody("bound")
              .part("name=\"other\"", "ignored")
              .part("name=\"metadata\"", " { \"revision\" : 12345678901234567890.10 } ")
              .part(disposition, bytes)
              .end();
      rest.send(
              "PUT",
              value("k"),
              BodyPublishers.ofByteArray(body),
              "Content-Type",
              "multipart/form-data; boundary=bound")
          .result();

      assertThat(rest.get(value("k")).bytes()).isEqualTo(bytes);
      assertThat(rest.get(metadata("k")).text())
          .contains("\"result\":{\"revision\":12345678901234567890.10}");
    }
  }

  @Test
  void aMultipartBodyThatIsNotOneIsRefused() {
    String good =
        new String(
            new MultipartBody("b").part("name=\"value\"", "v").end(), StandardCharsets.UTF_8);
    for (String body :
        List.of(
            "", "no boundary", "--b", "--b\r\n", "--b--", good.substring(0, good.length() - 8))) {
      Rest.Reply reply =
          rest.send(
              "PUT",
              value("k"),
              BodyPublishers.ofString(body),
              "Content-Type",
              "multipart/form-data; boundary=\"b\"");
      assertThat(reply.status()).as("body <%s>", body).isEqualTo(400);
    }
    assertThat(rest.get(value("k")).status()).isEqualTo(404);
  }

  @Test
  void aMissingKeyIsNotFound() {
    assertThat(rest.get(value("absent")).refusal()).isEqualTo("404/10009");
    assertThat(rest.get(metadata("absent")).refusal()).isEqualTo("404/10009");
  }

  @Test
  void deletingIsIdempotent() {
    rest.put(value("k"), "v").result();

    assertThat(rest.delete(value("k")).result().isEmpty()).isTrue();
    assertThat(rest.delete(value("k")).result().isEmpty()).isTrue();

    assertThat(rest.get(value("k")).refusal()).isEqualTo("404/10009");
  }

  @Test
  void overwritingClearsMetadataAndExpiration() {
    rest.put(
            namespace + "/bulk",
            "[{\"key\":\"k\",\"value\":\"v\",\"metadata\":{\"a\":1},\"expiration_ttl\":60}]")
        .result();
    assertThat(rest.get(value("k")).header("expiration")).isNotEmpty();

    rest.put(value("k"), "new").result();

    assertThat(rest.get(value("k")).header("expiration")).isEmpty();
    assertThat(rest.get(metadata("k")).result().isNull()).isTrue();
    clock.pass(Duration.ofDays(1));
    assertThat(rest.get(value("k")).text()).isEqualTo("new");
  }

  @Test
  void anExpiredKeyIsGoneEverywhereAndTheTimeToLiveWins() {
    long now = clock.instant().getEpochSecond();
    rest.put(value("a") + "?expiration=" + (now + 100), "v").result();
    rest.put(value("b") + "?expiration_ttl=60&expiration=" + (now + 9_999), "v").result();
    assertThat(rest.get(value("a")).header("expiration")).isEqualTo(Long.toString(now + 100));
    assertThat(rest.get(value("b")).header("expiration")).isEqualTo(Long.toString(now + 60));

    clock.pass(Duration.ofSeconds(59));
    assertThat(names("?")).containsExactly("a", "b");
    clock.pass(Duration.ofSeconds(1));
    assertThat(names("?")).containsExactly("a");
    assertThat(rest.get(value("b")).status()).isEqualTo(404);
    assertThat(rest.get(metadata("b")).status()).isEqualTo(404);
    assertThat(rest.post(namespace + "/bulk/get", "{\"keys\":[\"b\"]}").result())
        .hasToString("{\"values\":{\"b\":null}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b//c", " leading and trailing ", "100%", "%2F", "a+b", "q?x=1&y#z", "ключ/日本語/🎒",
        "../../etc/passwd", "..\\x", "a/../b", "\0\n\r\"'<>", "...", ";a=b", "\u00e9\u0301"
      })
  void anyKeySurvivesThePathAndBulkAndListing(String key) {
    rest.put(value(key), "by path").result();
    assertThat(rest.get(value(key)).text()).isEqualTo("by path");
    assertThat(names("?")).containsExactly(key);
    assertThat(names("?prefix=" + Rest.escaped(key))).containsExactly(key);

    rest.put(namespace + "/bulk", "[{\"key\":" + Rest.quoted(key) + ",\"value\":\"by bulk\"}]")
        .result();
    assertThat(rest.get(value(key)).text()).isEqualTo("by bulk");

    rest.delete(value(key)).result();
    assertThat(names("?")).isEmpty();
    assertThat(directory).isDirectoryNotContaining(file -> file.endsWith("passwd"));
  }

  @Test
  void aPlusInThePathStaysAPlus() {
    rest.put(namespace + "/values/a+b", "v").result();

    assertThat(names("?")).containsExactly("a+b");
    assertThat(names("?prefix=a%2Bb")).containsExactly("a+b");
  }

  @Test
  void aListingHasMetadataAndExpirationWhereThereAreSome() {
    long now = clock.instant().getEpochSecond();
    rest.put(
            namespace + "/bulk",
            "[{\"key\":\"a\",\"value\":\"\"},{\"key\":\"b\",\"value\":\"\",\"expiration\":"
                + (now + 60)
                + ",\"metadata\":[1,{}]}]")
        .result();

    Rest.Reply listed = rest.get(namespace + "/keys");

    assertThat(listed.result())
        .hasToString(
            "[{\"name\":\"a\"},{\"name\":\"b\",\"expiration\":"
                + (now + 60)
                + ",\"metadata\":[1,{}]}]");
    assertThat(listed.json().get("result_info")).hasToString("{\"count\":2,\"cursor\":\"\"}");
  }

  @Test
  void aBulkWriteStoresTextAndBase64() {
    Rest.Reply reply =
        rest.put(
            namespace + "/bulk",
            """
            [{"base64":true,"metadata":{"m":1},"value":"AP8NCg==","key":"bytes","future":[{}]},
             {"key":"text","value":"grüße","expiration":null,"metadata":null},
             {"key":"twice","value":"1"},{"key":"twice","value":"2"}]""");

    assertThat(reply.result()).hasToString("{\"successful_key_count\":4,\"unsuccessful_keys\":[]}");
    assertThat(rest.get(value("bytes")).bytes()).isEqualTo(new byte[] {0, -1, 13, 10});
    assertThat(rest.get(metadata("bytes")).result()).hasToString("{\"m\":1}");
    assertThat(rest.get(value("text")).text()).isEqualTo("grüße");
    assertThat(rest.get(value("twice")).text()).isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[",
        "[1]",
        "[{}]",
        "[{\"key\":\"k\"}]",
        "[{\"value\":\"v\"}]",
        "[{\"key\":\"k\",\"value\":1}]",
        "[{\"key\":\"\",\"value\":\"v\"}]",
        "[{\"key\":\"..\",\"value\":\"v\"}]",
        "[{\"key\":\"k\",\"value\":\"?\",\"base64\":true}]",
        "[{\"key\":\"k\",\"value\":\"v\",\"base64\":1}]",
        "[{\"key\":\"k\",\"value\":\"v\",\"expiration_ttl\":59}]",
        "[{\"key\":\"k\",\"value\":\"v\",\"expiration\":1.5}]",
        "[{\"key\":\"k\",\"value\":\"v\",\"expiration\":99999999999999999999}]"
      })
  void aBulkWriteThatIsRefusedStoresNothingOfIt(String tail) {
    String body =
        tail.startsWith("[{") ? "[{\"key\":\"good\",\"value\":\"v\"}," + tail.substring(1) : tail;

    assertThat(rest.put(namespace + "/bulk", body).status()).isEqualTo(400);

    assertThat(names("?")).isEmpty();
    rest.put(value("after"), "v").result();
    assertThat(names("?")).containsExactly("after");
  }

  @Test
  void aBulkDeleteWorksByPostAndByDeleteWithABody() {
    rest.put(value("a"), "v").result();
    rest.put(value("b"), "v").result();

    assertThat(rest.post(namespace + "/bulk/delete", "[\"a\",\"absent\"]").result())
        .hasToString("{\"successful_key_count\":2,\"unsuccessful_keys\":[]}");
    assertThat(names("?")).containsExactly("b");
    rest.send("DELETE", namespace + "/bulk", BodyPublishers.ofString("[\"b\"]")).result();
    assertThat(names("?")).isEmpty();
  }

  @Test
  void aBulkReadAnswersTextOrJsonWithOrWithoutMetadata() {
    long end = clock.instant().getEpochSecond() + 60;
    rest.put(
            namespace + "/bulk",
            "[{\"key\":\"a\",\"value\":\"{\\\"x\\\": 1}\",\"metadata\":7,\"expiration_ttl\":60},"
                + "{\"key\":\"t\",\"value\":\"no json\"}]")
        .result();

    assertThat(bulkGet("{\"keys\":[\"a\",\"t\",\"no\"]}"))
        .isEqualTo("{\"a\":\"{\\\"x\\\": 1}\",\"t\":\"no json\",\"no\":null}");
    assertThat(bulkGet("{\"type\":\"json\",\"keys\":[\"a\",\"no\"]}"))
        .isEqualTo("{\"a\":{\"x\":1},\"no\":null}");
    assertThat(bulkGet("{\"keys\":[\"a\",\"t\",\"no\"],\"withMetadata\":true,\"type\":\"text\"}"))
        .isEqualTo(
            "{\"a\":{\"value\":\"{\\\"x\\\": 1}\",\"metadata\":7,\"expiration\":"
                + end
                + "},\"t\":{\"value\":\"no json\",\"metadata\":null},\"no\":null}");
    assertThat(rest.post(namespace + "/bulk/get", "{\"type\":\"json\",\"keys\":[\"t\"]}").status())
        .isEqualTo(400);
  }

  private String bulkGet(String body) {
    return rest.post(namespace + "/bulk/get", body).result().get("values").toString();
  }

  @Test
  void unknownRoutesAndMethodsAnswerWithTheEnvelope() {
    for (String path :
        List.of("", "/", "/keys/x", "/values", "/bulk/other", "/values/a/b", "/metadata", "//")) {
      Rest.Reply reply = rest.send("PATCH", namespace + path, BodyPublishers.noBody());
      assertThat(reply.status()).as(path).isIn(404, 405);
      assertThat(reply.json().at("/errors/0/message").asText()).as(path).isNotEmpty();
    }
    assertThat(new Rest(server.baseUrl()).get("/nowhere").refusal()).startsWith("404/");
    assertThat(new Rest("http://127.0.0.1:" + server.port()).get("/").refusal()).startsWith("404/");
    assertThat(
            new Rest(server.baseUrl()).get("/user/tokens/verify").result().get("status").asText())
        .isEqualTo("active");
  }

  @Test
  void everythingIsThereAfterARestart() throws TimeoutException {
    rest.put(value("a/b") + "?expiration_ttl=600", "v").result();
    rest.put(value("gone"), "v").result();
    rest.delete(value("gone")).result();
    rest.put(namespace + "/bulk", "[{\"key\":\"m\",\"value\":\"1\",\"metadata\":{\"r\":2}}]")
        .result();
    String dropped = rest.namespace("dropped");
    rest.put(dropped + "/values/k", "v").result();
    rest.delete(dropped).result();
    Rest.Reply before = rest.get(namespace + "/keys");

    restart();

    assertThat(rest.get(namespace + "/keys").text()).isEqualTo(before.text());
    assertThat(rest.get(value("a/b")).text()).isEqualTo("v");
    assertThat(rest.get(metadata("m")).result()).hasToString("{\"r\":2}");
    assertThat(rest.get(dropped + "/values/k").refusal()).isEqualTo("404/10013");
    assertThat(titles(rest.get(""))).containsExactly("a namespace");
  }

  @Test
  void namespacesOfTheOptionsExistForEveryAccountAndKeepTheirPairs() throws TimeoutException {
    server.close().await(30, TimeUnit.SECONDS);
    for (String value : List.of("first", "second")) {
      start(options().withNamespace("demo", "Demo"));
      var someone = new Rest(server, "someone");
      assertThat(titles(someone.get(""))).containsExactly("Demo");
      someone.put("/demo/values/" + value, value).result();
      server.close().await(30, TimeUnit.SECONDS);
    }
    start(options().withNamespace("demo", "Demo"));

    assertThat(rest.get("/demo/values/first").text()).isEqualTo("first");
    assertThat(rest.get("/demo/keys").result()).hasSize(2);
  }

  @Test
  void oneDirectoryHasOneServer() {
    assertThatThrownBy(() -> LocalKvServer.start(vertx, options()).await(30, TimeUnit.SECONDS))
        .hasMessageContaining("another local KV server uses it");
  }

  @Test
  void aPortThatIsTakenFailsAndLetsGoOfTheDirectory() throws TimeoutException {
    LocalKvOptions taken = LocalKvOptions.in(directory.resolve("other")).withPort(server.port());

    assertThatThrownBy(() -> LocalKvServer.start(vertx, taken).await(30, TimeUnit.SECONDS))
        .isInstanceOf(java.net.BindException.class);

    LocalKvServer.start(vertx, taken.withPort(0))
        .await(30, TimeUnit.SECONDS)
        .close()
        .await(30, TimeUnit.SECONDS);
  }

  @Test
  void closingTwiceIsClosingOnce() throws TimeoutException {
    server.close().await(30, TimeUnit.SECONDS);
    server.close().await(30, TimeUnit.SECONDS);
  }

  private List<String> names(String query) {
    List<String> names = new ArrayList<>();
    rest.get(namespace + "/keys" + query)
        .result()
        .forEach(key -> names.add(key.get("name").asText()));
    return names;
  }
}
