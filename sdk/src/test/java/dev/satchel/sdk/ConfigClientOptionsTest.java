package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigClientOptionsTest {

  @Test
  void anUnsetOrEmptyVariableMeansTheDefault() {
    var options = ConfigClientOptions.fromEnv(Map.of("SATCHEL_KEY", " "));

    assertThat(options.key()).isEqualTo("user-configs");
    assertThat(options.pollInterval()).isEqualTo(Duration.ofSeconds(60));
  }

  @ParameterizedTest
  @CsvSource({"1s, PT1S", "0.5s, PT0.5S", "5m, PT5M", "1h30m, PT1H30M", "PT20S, PT20S"})
  void takesTheIntervalAsPeopleWriteIt(String written, Duration meant) {
    var options = ConfigClientOptions.fromEnv(Map.of("SATCHEL_POLL_INTERVAL", written));

    assertThat(options.pollInterval()).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"60", "soon", "5 minutes", "0s", "-1s", "40h"})
  void refusesAnIntervalThatItWouldHaveToGuess(String written) {
    assertThatThrownBy(() -> ConfigClientOptions.fromEnv(Map.of("SATCHEL_POLL_INTERVAL", written)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SATCHEL_POLL_INTERVAL");
  }

  @Test
  void eachPollIsATenthEarlierOrLaterAtMost() {
    var pace = new PollPace(Duration.ofSeconds(60));

    assertThat(pace.delay(0, 0)).hasMillis(54_000);
    assertThat(pace.delay(0, 0.5)).hasMillis(60_000);
    assertThat(pace.delay(0, 0.999999)).isLessThanOrEqualTo(Duration.ofSeconds(66));
  }

  @Test
  void triesAgainSoonAfterAFailureAndSlowsDownToTheIntervalWithFullJitter() {
    var pace = new PollPace(Duration.ofSeconds(60));

    assertThat(pace.delay(1, 0)).hasMillis(1);
    assertThat(pace.delay(1, 0.5)).hasMillis(500);
    assertThat(pace.delay(4, 0.5)).hasMillis(4_000);
    assertThat(pace.delay(7, 0.5)).hasMillis(30_000);
    assertThat(pace.delay(Integer.MAX_VALUE, 0.5)).hasMillis(30_000);
  }

  @Test
  void takesEveryOptionFromTheEnvironment() {
    var options =
        ConfigClientOptions.fromEnv(
            Map.ofEntries(
                Map.entry("SATCHEL_KEY", "deny-list"),
                Map.entry("SATCHEL_POLL_INTERVAL", "15s"),
                Map.entry("SATCHEL_LONGEST_WAIT", "30s"),
                Map.entry("SATCHEL_CALL_TIMEOUT", "20s"),
                Map.entry("SATCHEL_START_TIMEOUT", "5s"),
                Map.entry("SATCHEL_WHEN_NOTHING", "wait"),
                Map.entry("SATCHEL_COPY_DIR", "/var/lib/app"),
                Map.entry("SATCHEL_BUNDLED", "/app/users.satchel"),
                Map.entry("SATCHEL_STALE_AFTER", "5m"),
                Map.entry("SATCHEL_EXPIRE_AFTER", "30d"),
                Map.entry("SATCHEL_WHEN_EXPIRED", "Answer-Defaults"),
                Map.entry("SATCHEL_PINNED_REVISION", "1772366400000"),
                Map.entry("SATCHEL_REQUEST_BUDGET", "100")));

    assertThat(options)
        .hasToString(
            "key=deny-list pollInterval=PT15S longestWait=PT30S callTimeout=PT20S startTimeout=PT5S whenNothing=WAIT"
                + " staleAfter=PT5M expireAfter=PT720H whenExpired=ANSWER_DEFAULTS"
                + " copyDirectory=/var/lib/app bundle=file /app/users.satchel"
                + " pinnedRevision=1772366400000 requestBudget=100 publicKeys=[] proxy=jvm plainHttp=local");
  }

  @ParameterizedTest
  @CsvSource({
    "SATCHEL_WHEN_NOTHING, stop, continue or wait or fail",
    "SATCHEL_WHEN_EXPIRED, yes, keep-serving or answer-defaults",
    "SATCHEL_PINNED_REVISION, latest, 1772366400000",
    "SATCHEL_PINNED_REVISION, 0, pinnedRevision must be at least 1 but is 0",
    "SATCHEL_REQUEST_BUDGET, 3, requestBudget must be from 4 to 1000000 but is 3",
    "SATCHEL_LONGEST_WAIT, 0s, SATCHEL_LONGEST_WAIT: longestWait must be from PT1S to PT10M",
    "SATCHEL_STALE_AFTER, -1s, expected SATCHEL_STALE_AFTER to be a duration like 30s",
    "SATCHEL_POLL_INTERVAL, 0, SATCHEL_POLL_INTERVAL: pollInterval must be",
    "SATCHEL_EXPIRE_AFTER, 1s, expireAfter must be longer than pollInterval",
  })
  void saysTheRuleThatAVariableBreaks(String name, String value, String rule) {
    assertThatThrownBy(() -> ConfigClientOptions.fromEnv(Map.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(rule);
  }

  @Test
  void aClientThatIsToldOfChangesMayRefreshAsOftenAsTheyCome() {
    assertThat(ConfigClientOptions.defaults().requestBudget()).isEqualTo(240);
    assertThat(
            ConfigClientOptions.builder()
                .longestWait(Duration.ofSeconds(30))
                .build()
                .requestBudget())
        .isEqualTo(1_400);
  }

  @Test
  void refusesToExpireBeforeItIsStale() {
    var builder =
        ConfigClientOptions.builder()
            .staleAfter(Duration.ofHours(2))
            .expireAfter(Duration.ofHours(1));

    assertThatThrownBy(builder::build)
        .hasMessage("expireAfter must be at least staleAfter, PT2H, but is PT1H");
  }
}
