package dev.satchel.publisher.http;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.run.Run;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the page may write, for whom, and for whom not. */
@Timeout(60)
class RollbackOverHttpTest {
  private final Workbench bench;
  private OperatedPublisher publisher;
  private RawHttp http;
  private long first;
  private long second;

  RollbackOverHttpTest(@TempDir Path folder) throws Exception {
    bench = Workbench.in(folder);
    publisher = new OperatedPublisher(bench, Map.of());
    http = publisher.http;
  }

  @BeforeEach
  void publishTwice() throws Exception {
    first = revision();
    bench.sql("UPDATE %s SET plan = 'team' WHERE id = 'bob'");
    assertThat(publisher.run().outcome()).isEqualTo(Run.Outcome.PUBLISHED);
    second = revision();
  }

  @AfterEach
  void close() {
    publisher.close();
    bench.close();
  }

  @Test
  void anOperatorIsAskedTwiceRollsBackAndResumes() throws Exception {
    RawHttp.Answer question = http.get("/rollback?revision=" + first);
    assertThat(question.body()).contains("Roll back to revision " + first + "?", "Continue");
    RawHttp.Answer sure = http.get("/rollback?revision=%d&from=%d".formatted(first, second));
    assertThat(sure.body())
        .contains("Operator&#39;s token".replace("&#39;", "'"), "method=\"post\"");
    assertThat(revision()).isEqualTo(second);

    RawHttp.Answer done = http.post("/rollback", form(Map.of("why", "<b>bad import")), Map.of());

    assertThat(done.status()).as(done.body()).isEqualTo(303);
    assertThat(done.headers()).containsEntry("location", "/");
    assertThat(bench.metadata("user-configs").getLong("rolledBackTo")).isEqualTo(first);
    assertThat(publisher.run().outcome()).isEqualTo(Run.Outcome.HELD);
    String held = http.get("/").body();
    assertThat(held).contains("On hold", "&lt;b&gt;bad import").doesNotContain("<b>bad");
    assertThat(http.get("/health/ready").status()).isEqualTo(200);

    assertThat(http.post("/resume", form(Map.of()), Map.of()).status()).isEqualTo(303);

    assertThat(publisher.run().outcome()).isEqualTo(Run.Outcome.PUBLISHED);
    assertThat(http.get("/").body()).doesNotContain("On hold");
  }

  @Test
  void withoutTheTokenNothingIsWritten() throws Exception {
    for (String token : new String[] {"", "wrong", OperatedPublisher.TOKEN + "x"}) {
      refused(403, form(Map.of("token", token)), Map.of());
    }
    assertThat(http.post("/resume", Map.of(), Map.of()).status()).isEqualTo(403);
  }

  @Test
  void aRequestThatAnotherSiteForgedIsRefusedEvenWithTheToken() throws Exception {
    refused(403, form(Map.of()), Map.of("Origin", "https://evil.example"));
    refused(403, form(Map.of()), Map.of("Origin", "null"));
    refused(403, form(Map.of()), Map.of("Origin", "http://localhost:1"));
    refused(403, form(Map.of()), Map.of("Sec-Fetch-Site", "cross-site"));
    refused(403, form(Map.of()), Map.of("Sec-Fetch-Site", "same-site"));
    refused(421, form(Map.of()), Map.of("Host", "evil.example", "Origin", "http://evil.example"));
    refused(415, form(Map.of()), Map.of("Content-Type", "text/plain"));
    assertThat(
            http.get(
                    "/rollback?revision=%d&from=%d&token=%s"
                        .formatted(first, second, OperatedPublisher.TOKEN))
                .status())
        .isEqualTo(200);
    unwritten();
  }

  @Test
  void aProgramThatIsNoBrowserNeedsOnlyTheToken() throws Exception {
    RawHttp.Answer done =
        http.post("/rollback", form(Map.of()), Map.of("Origin", "", "Sec-Fetch-Site", ""));

    assertThat(done.status()).isEqualTo(303);
    assertThat(revision()).isGreaterThan(second);
  }

  @Test
  void whatWasPublishedMeanwhileIsNotRolledBackBlindly() throws Exception {
    refused(502, form(Map.of("from", Long.toString(first))), Map.of());
    refused(502, form(Map.of("revision", "17")), Map.of());
  }

  @Test
  void withoutATokenOfItsOwnThePageOffersNoRollback(@TempDir Path folder) throws Exception {
    publisher.close();
    publisher = new OperatedPublisher(bench, Map.of("SATCHEL_OPERATOR_TOKEN", ""));
    http = publisher.http;

    assertThat(http.get("/").body())
        .doesNotContain("Roll back…")
        .contains("SATCHEL_OPERATOR_TOKEN");
    assertThat(http.get("/rollback?revision=" + first).status()).isEqualTo(403);
    refused(403, form(Map.of("token", "")), Map.of());
  }

  private void refused(int status, Map<String, String> form, Map<String, String> headers)
      throws IOException {
    assertThat(http.post("/rollback", form, headers).status()).as("%s", headers).isEqualTo(status);
    unwritten();
  }

  private void unwritten() {
    assertThat(revision()).isEqualTo(second);
    Buffer value = await(bench.kv().value("user-configs")).orElseThrow();
    assertThat(value).isEqualTo(bench.value("user-configs@" + second));
  }

  private Map<String, String> form(Map<String, String> more) {
    var form =
        new java.util.HashMap<>(
            Map.of(
                "revision", Long.toString(first),
                "from", Long.toString(second),
                "token", OperatedPublisher.TOKEN));
    form.putAll(more);
    return form;
  }

  private long revision() {
    return bench.metadata("user-configs").getLong("revision");
  }
}
