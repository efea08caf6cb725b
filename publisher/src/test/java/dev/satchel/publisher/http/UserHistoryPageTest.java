package dev.satchel.publisher.http;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.run.Run;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the pages tell of patches, and of one user's values over time. */
@Timeout(60)
class UserHistoryPageTest {
  private static final String KEY = "user-configs";

  private final Workbench bench;
  private OperatedPublisher publisher;

  UserHistoryPageTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
  }

  @BeforeEach
  void start() throws Exception {
    bench.sql(
        "INSERT INTO %s SELECT md5(n::text), n < 100, 'p' || n FROM generate_series(1, 2000) n");
    publisher = new OperatedPublisher(bench, Map.of());
  }

  @AfterEach
  void close() {
    publisher.close();
    bench.close();
  }

  @Test
  void aUsersHistorySaysAtWhichRevisionsItsValuesChangedFromWhatToWhat() throws Exception {
    change("UPDATE %s SET plan = 'team' WHERE id = 'bob'");
    long second = change("UPDATE %s SET plan = 'team' WHERE id = 'alice'").revision();
    change("DELETE FROM %s WHERE id = 'bob'");

    assertThat(publisher.http.get("/user?id=bob").body()).contains("/user/history?id=bob");
    RawHttp.Answer answer = history(publisher.http, "bob");

    assertThat(answer.body())
        .contains("plan: <del>&quot;free&quot;</del> → <ins>&quot;team&quot;</ins>")
        .contains("<td>removed</td>", "plan: <del>&quot;team&quot;</del></div>")
        .contains("as far back as copies reach", "plan: <ins>&quot;free&quot;</ins></div>")
        .doesNotContain(Long.toString(second));
    change("INSERT INTO %s VALUES ('bob', true, 'new')");
    until(
        "the next revision is looked at too",
        () -> publisher.http.get("/user/history?id=bob").body().contains("<td>added</td>"));
  }

  @Test
  void aCopyThatIsNotSoundIsNamedAndTheOthersAreStillLookedAt() throws Exception {
    long damaged = change("UPDATE %s SET plan = 'team' WHERE id = 'bob'").revision();
    change("UPDATE %s SET plan = 'pro' WHERE id = 'bob'");
    String copy = KEY + "@" + damaged;
    await(
        bench
            .kv()
            .put(copy, Buffer.buffer("cut"), await(bench.kv().metadata(copy)).orElseThrow(), null));

    assertThat(history(publisher.http, "bob").body())
        .contains("<td>not known</td>", "sha256")
        .contains("plan: <del>&quot;free&quot;</del> → <ins>&quot;pro&quot;</ins>");
    var satchel = bench.satchel();
    assertThat(satchel.run("history", "--user", "bob")).isZero();
    assertThat(satchel.out()).contains("not known", "sha256", "plan: \"pro\", was \"free\"");
  }

  @Test
  void aSearchThatTakesLongTellsHowFarItIsAndLetsNoOtherBegin() throws Exception {
    change("UPDATE %s SET plan = 'team' WHERE id = 'bob'");
    publisher.http.get("/"); // which looks at the value in use once
    bench.faults().next(1, "GET", "/values/").areDelayed(Duration.ofSeconds(3));

    RawHttp.Answer progress = publisher.http.get("/user/history?id=bob");
    RawHttp.Answer other = publisher.http.get("/user/history?id=alice");

    assertThat(progress.status()).isEqualTo(202);
    assertThat(progress.headers()).containsEntry("refresh", "2");
    assertThat(progress.body()).contains("0 of 2 copies done");
    assertThat(other.status()).isEqualTo(503);
    assertThat(other.body()).contains("another user").doesNotContain("bob");
    assertThat(history(publisher.http, "bob").body()).contains("&quot;team&quot;");
    assertThat(history(publisher.http, "alice").body()).contains("as far back as copies reach");
  }

  @Test
  void theOverviewTellsTheSizeOfEachPatch() throws Exception {
    Run run = change("UPDATE %s SET plan = 'team' WHERE id = 'bob'");

    assertThat(run.patchBytes()).isPositive();
    assertThat(publisher.http.get("/").body())
        .contains(", a patch of %,d bytes, revision %d".formatted(run.patchBytes(), run.revision()))
        .contains("<td class=\"n\">%,d</td><td class=\"changed\">".formatted(run.patchBytes()));
  }

  private Run change(String sql) throws Exception {
    bench.sql(sql);
    Run run = publisher.run();
    assertThat(run.outcome()).isEqualTo(Run.Outcome.PUBLISHED);
    return run;
  }

  /** Asks as a browser does, until the search has ended. */
  static RawHttp.Answer history(RawHttp http, String encodedId) {
    List<RawHttp.Answer> answers = new ArrayList<>();
    until(
        "the history of a user",
        () -> {
          answers.add(http.get("/user/history?id=" + encodedId));
          return last(answers).status() == 200;
        });
    return last(answers);
  }

  private static RawHttp.Answer last(List<RawHttp.Answer> answers) {
    return answers.get(answers.size() - 1);
  }
}
