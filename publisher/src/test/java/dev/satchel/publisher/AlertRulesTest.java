package dev.satchel.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What wakes a person does so for a reason, and says what to do. */
class AlertRulesTest {
  private static final Path RULES = Path.of("src/monitoring/alerts.yml");
  private static final Path TESTS = Path.of("src/monitoring/alerts-test.yml");
  private static final Path RUNBOOK = Path.of("docs/operations.md");

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(AlertRulesTest::last).toList();
  }

  private static String last(MatchResult result) {
    return result.group(1);
  }

  @Test
  @Timeout(180)
  void eachAlertFiresOverMadeUpSeriesAndOnlyWhereItShould() throws Exception {
    Promtool.assumeInstalled();

    assertThat(Promtool.run("", "check", "rules", RULES.toString())).contains("SUCCESS");
    assertThat(Promtool.run("", "test", "rules", TESTS.toString())).contains("SUCCESS");
  }

  @Test
  void eachAlertIsTestedToFireAndToStaySilent() throws IOException {
    String tests = Files.readString(TESTS);
    List<String> alerts = found("- alert: (\\w+)", Files.readString(RULES));

    assertThat(alerts).hasSizeGreaterThan(5).doesNotHaveDuplicates();
    assertThat(found("\\{alertname: (\\w+), eval_time: \\w+, exp_alerts: \\[]}", tests))
        .containsAll(alerts);
    assertThat(found("alertname: (\\w+)\\n +eval_time: \\w+\\n +exp_alerts:\\n", tests))
        .containsAll(alerts);
  }

  @Test
  void eachAlertLeadsToItsRowOfTheRunbook() throws IOException {
    String rules = Files.readString(RULES);
    String rows = "<a id=\"([a-z-]+)\"></a>`%s` \\|";
    List<String> alerts = found("- alert: (\\w+)", rules);
    List<String> links = found("runbook_url: publisher/docs/operations\\.md#([a-z-]+)\\n", rules);

    assertThat(links).hasSameSizeAs(alerts);
    String runbook = Files.readString(RUNBOOK);
    for (int i = 0; i < alerts.size(); i++) {
      assertThat(found(rows.formatted(alerts.get(i)), runbook))
          .as(alerts.get(i))
          .containsExactly(links.get(i));
    }
    assertThat(found("<a id=\"([a-z-]+)\"></a>`Satchel", runbook)).hasSameSizeAs(alerts);
  }
}
