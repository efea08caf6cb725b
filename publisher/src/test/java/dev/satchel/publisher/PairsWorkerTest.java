package dev.satchel.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Worker of demo-app/worker, in workerd, over the pairs that the publisher wrote. */
@Timeout(120)
class PairsWorkerTest {
  private static final String BANNER = "You have early access to preview features!";
  private static final String SCRIPT = "<script>alert('1')</script>";

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static Workbench bench;
  private static SatchelRun satchel;
  private static RunningWorker worker;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    RunningWorker.assumeThereIsOne();
    bench = Workbench.in(folder);
    bench.sql(
        "INSERT INTO %s VALUES ($$" + SCRIPT + "$$, true, 'pro'), ('a b/c&d=?', true, 'pro')");
    satchel =
        bench
            .satchel()
            .and(
                "SATCHEL_QUERY",
                "SELECT id, preview AS preview_features_enabled, plan FROM " + bench.table)
            .and("SATCHEL_LAYOUT", "both")
            .and("SATCHEL_KEY_PREFIX", "user:");
    assertThat(satchel.run("publish")).as(satchel.err()).isZero();
    var variables = new JsonObject().put("KEY_PREFIX", "user:");
    worker = RunningWorker.in(Path.of("../demo-app/worker"), bench, "USER_CONFIGS", variables);
  }

  @AfterAll
  static void stop() throws IOException {
    if (worker != null) {
      worker.close();
    }
    if (bench != null) {
      bench.close();
    }
  }

  @Test
  void usersSeeTheBannerIfTheirPairSaysSo() throws Exception {
    assertThat(page("alice")).contains(BANNER, "Welcome to My App");
    assertThat(page("bob")).doesNotContain(BANNER).contains("Welcome to My App");
    assertThat(page("ünï")).doesNotContain(BANNER);
    assertThat(page("nobody")).doesNotContain(BANNER);
    assertThat(page("a b/c&d=?")).contains(BANNER, "a b/c&amp;d=?");
    assertThat(page("x".repeat(600))).doesNotContain(BANNER); // no such key can be
  }

  @Test
  void withoutAUserIdItAnswers400() throws Exception {
    for (String query : new String[] {"", "?", "?userId=", "?userid=alice"}) {
      HttpResponse<String> answer = ask("GET", "/" + query);

      assertThat(answer.statusCode()).as(query).isEqualTo(400);
      assertThat(answer.body())
          .contains("Please provide a userId query parameter")
          .doesNotContain(BANNER);
    }
    assertThat(ask("GET", "/other?userId=alice").statusCode()).isEqualTo(404);
    assertThat(ask("POST", "/?userId=alice").statusCode()).isEqualTo(405);
    assertThat(ask("HEAD", "/?userId=alice").statusCode()).isEqualTo(200);
  }

  @Test
  void aUserIdIsShownAsTextAndTheAnswerIsNotCached() throws Exception {
    HttpResponse<String> answer = ask("GET", "/?userId=" + encoded(SCRIPT));

    assertThat(answer.body()).contains(BANNER, "&lt;script&gt;").doesNotContain("<script");
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(answer.headers().firstValue("cache-control")).hasValue("private, no-store");
    assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
        .startsWith("default-src 'none'");
  }

  @Test
  void aPairThatChangedIsOnThePageAndAUserWhoIsGoneHasNone() throws Exception {
    bench.sql("INSERT INTO %s VALUES ('carol', false, 'pro'), ('dave', true, 'pro')");
    assertThat(satchel.run("publish", "--accept-change")).isZero();
    worker.copyAgain();
    assertThat(page("dave")).contains(BANNER);
    assertThat(page("carol")).doesNotContain(BANNER);

    bench.sql("UPDATE %s SET preview = true WHERE id = 'carol'");
    bench.sql("DELETE FROM %s WHERE id = 'dave'");
    assertThat(satchel.run("publish")).isZero();
    worker.copyAgain();

    assertThat(page("carol")).contains(BANNER);
    assertThat(page("dave")).doesNotContain(BANNER);
  }

  private static String page(String userId) throws Exception {
    HttpResponse<String> answer = ask("GET", "/?userId=" + encoded(userId));
    assertThat(answer.statusCode()).as(userId).isEqualTo(200);
    return answer.body();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static HttpResponse<String> ask(String method, String path) throws Exception {
    URI uri = URI.create(worker.address().toString().replaceAll("/$", "") + path);
    return HTTP.send(
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
