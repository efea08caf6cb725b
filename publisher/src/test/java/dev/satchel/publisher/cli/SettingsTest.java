package dev.satchel.publisher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.DurationText;
import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.publish.PublisherSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private static final String SECRET = "a-marked-secret";

  @Test
  void everythingThatIsWrongIsNamedAtOnceBeforeAnythingIsOpened() {
    var satchel =
        SatchelRun.with(
            Map.of(
                "DATABASE_CONNECTION_STRING", "mysql://root:" + SECRET + "@db/app",
                "CLOUDFLARE_API_TOKEN", SECRET,
                "SATCHEL_HISTORY", "fortnight",
                "SATCHEL_MAX_BYTES", "26214401",
                "SATCHEL_LAYOUT", "columns",
                "SATCHEL_ROW_SECURITY", "maybe",
                "SATCHEL_QUERY", "; -- SELECT id FROM users"));

    int status = satchel.run("run", "--schedule", "every minute");

    assertThat(status).isEqualTo(2);
    assertThat(satchel.err().lines())
        .allMatch(line -> line.startsWith("satchel: "))
        .anyMatch(line -> line.contains("DATABASE_CONNECTION_STRING"))
        .anyMatch(line -> line.contains("CLOUDFLARE_ACCOUNT_ID"))
        .anyMatch(line -> line.contains("CLOUDFLARE_WORKERS_KV_NAMESPACE_ID"))
        .anyMatch(line -> line.contains("SATCHEL_HISTORY") && line.contains("fortnight"))
        .anyMatch(line -> line.contains("SATCHEL_MAX_BYTES") && line.contains("26214401"))
        .anyMatch(line -> line.contains("SATCHEL_LAYOUT") && line.contains("columns"))
        .anyMatch(line -> line.contains("SATCHEL_ROW_SECURITY") && line.contains("maybe"))
        .anyMatch(line -> line.contains("SATCHEL_QUERY") && line.contains("a SELECT"))
        .anyMatch(line -> line.contains("SATCHEL_SCHEDULE") && line.contains("every minute"))
        .hasSize(9);
    assertThat(satchel.out()).isEmpty();
    assertThat(satchel.err()).doesNotContain(SECRET);
  }

  @Test
  void whiteSpaceAroundAVariableIsLeftOutAndALineEndInAKeyIsRefused() {
    List<String> problems = new ArrayList<>();

    var settings =
        PublisherSettings.fromEnv(
            Map.of(
                "SATCHEL_KEY", "users\n",
                "SATCHEL_KEY_PREFIX", " user:\r\n",
                "SATCHEL_LAYOUT", "snapshot\n",
                "SATCHEL_MAX_BYTES", "1000\n",
                "SATCHEL_KEEP_COPIES", " 7\n",
                "SATCHEL_MIN_USERS", "3\n"),
            problems);

    assertThat(problems).isEmpty();
    assertThat(settings.key()).isEqualTo("users");
    assertThat(settings.keyPrefix()).isEqualTo("user:");
    assertThat(settings.maxValueBytes()).isEqualTo(1_000);
    for (String key : List.of("us\ners", "us\u0000ers", "..", "k".repeat(493))) {
      problems.clear();
      PublisherSettings.KEY.read(Map.of("SATCHEL_KEY", key), problems);
      assertThat(problems).singleElement().asString().startsWith("SATCHEL_KEY: expected a key ");
    }
  }

  @Test
  void cloudflareWithoutADatabaseIsAnErrorThatNamesTheVariable() {
    var satchel =
        SatchelRun.with(
            Map.of(
                "CLOUDFLARE_API_TOKEN", SECRET,
                "CLOUDFLARE_ACCOUNT_ID", "account",
                "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "namespace"));

    assertThat(satchel.run("publish")).isEqualTo(2);
    assertThat(satchel.err().lines())
        .singleElement()
        .asString()
        .contains("DATABASE_CONNECTION_STRING is not set");
    assertThat(satchel.run("seed", "--users", "1")).isEqualTo(2);
  }

  @Test
  void aDatabaseWithoutCloudflareIsAnErrorThatNamesTheVariables() {
    var satchel =
        SatchelRun.with(Map.of("DATABASE_CONNECTION_STRING", "postgresql://me@127.0.0.1/app"));

    assertThat(satchel.run("publish")).isEqualTo(2);
    assertThat(satchel.err())
        .contains(
            "CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "CLOUDFLARE_API_TOKEN");
    assertThat(satchel.run("get", "alice")).isEqualTo(2);
  }

  @Test
  void wrongUsageIsOneLineAndStatusTwo() {
    for (String[] wrong :
        new String[][] {
          {},
          {"publich"},
          {"publish", "--yes"},
          {"get"},
          {"seed"},
          {"seed", "--users", "many"},
          {"seed", "--users", "1", "--append", "--replace"},
          {"kv", "--port", "70000"}
        }) {
      var satchel = SatchelRun.with(Map.of());

      assertThat(satchel.run(wrong)).as(String.join(" ", wrong)).isEqualTo(2);
      assertThat(satchel.err().lines()).singleElement().asString().startsWith("satchel: ");
      assertThat(satchel.out()).isEmpty();
    }
  }

  @Test
  void aMistakeIsOneLineWhateverItHolds() {
    var satchel = SatchelRun.with(Map.of("CLOUDFLARE_API_BASE_URL", "http://127.0.0.1:9"));

    assertThat(satchel.run("run", "--max-bytes", "1\n2\u001b[2J\u2028")).isEqualTo(2);
    assertThat(satchel.err().lines())
        .allMatch(line -> line.startsWith("satchel: ") && line.matches("[^\\p{Cc}\\p{Zl}]+"))
        .anyMatch(line -> line.contains("SATCHEL_MAX_BYTES") && line.contains("found 1 2"));
    for (String wrong : new String[] {"a\nb", "--a\nb", "\u001b[31m"}) {
      assertThat(satchel.run("run", wrong)).isEqualTo(2);
      assertThat(satchel.err().lines())
          .singleElement()
          .asString()
          .matches("satchel: [^\\p{Cc}]+ \\(satchel run --help says more\\)");
    }
  }

  @Test
  void aValueThatBeginsWithAnAtSignIsNoFile(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("arguments"), "--no-such-option");
    var satchel = SatchelRun.with(Map.of("CLOUDFLARE_API_BASE_URL", "http://127.0.0.1:9"));

    assertThat(satchel.run("run", "--key-prefix", "@" + file)).isEqualTo(2);
    assertThat(satchel.err())
        .contains("DATABASE_CONNECTION_STRING")
        .doesNotContain("no-such-option");
  }

  @Test
  void helpListsEveryCommandAndVariable() {
    var satchel = SatchelRun.with(Map.of());

    assertThat(satchel.run("--help")).isZero();

    assertThat(satchel.out())
        .contains("publish", "run", "inspect", "get", "kv", "seed", "demo")
        .contains("DATABASE_CONNECTION_STRING", "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_BASE_URL")
        .contains("SATCHEL_QUERY", "SATCHEL_KEY", "SATCHEL_SCHEDULE", "default 1m");
    assertThat(satchel.run("publish", "--help")).isZero();
    assertThat(satchel.run("--version")).isZero();
  }

  @Test
  void durationsAreWrittenAsPeopleWriteThem() {
    assertThat(DurationText.parse("30s")).contains(Duration.ofSeconds(30));
    assertThat(DurationText.parse(" 5M ")).contains(Duration.ofMinutes(5));
    assertThat(DurationText.parse("1h")).contains(Duration.ofHours(1));
    assertThat(DurationText.parse("30d")).contains(Duration.ofDays(30));
    assertThat(DurationText.parse("PT1M30S")).contains(Duration.ofSeconds(90));
    assertThat(DurationText.parse("0")).contains(Duration.ZERO);
    for (String wrong :
        new String[] {"", "5", "5 m", "-5m", "PT-5M", "1w", "9999999999s", "999999999d"}) {
      assertThat(DurationText.parse(wrong)).as(wrong).isEqualTo(Optional.empty());
    }
    for (String text : new String[] {"30s", "90s", "5m", "1h", "30d", "0s", "PT0.5S"}) {
      assertThat(DurationText.of(DurationText.parse(text).orElseThrow())).isEqualTo(text);
    }
  }
}
