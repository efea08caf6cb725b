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

    assertThat(pace.delayMillis(0, 0)).isEqualTo(54_000);
    assertThat(pace.delayMillis(0, 0.5)).isEqualTo(60_000);
    assertThat(pace.delayMillis(0, 0.999999)).isLessThanOrEqualTo(66_000);
  }

  @Test
  void triesAgainSoonAfterAFailureAndSlowsDownToTheInterval() {
    var pace = new PollPace(Duration.ofSeconds(60));

    assertThat(pace.delayMillis(1, 0.5)).isEqualTo(1_000);
    assertThat(pace.delayMillis(4, 0.5)).isEqualTo(8_000);
    assertThat(pace.delayMillis(7, 0.5)).isEqualTo(60_000);
    assertThat(pace.delayMillis(Integer.MAX_VALUE, 0.5)).isEqualTo(60_000);
  }
}
