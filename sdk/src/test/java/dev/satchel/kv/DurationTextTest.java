package dev.satchel.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationTextTest {

  @ParameterizedTest
  @CsvSource({
    "30s, PT30S",
    "500ms, PT0.5S",
    "' 5M ', PT5M",
    "1h, PT1H",
    "12h, PT12H",
    "30d, PT720H",
    "1.5s, PT1.5S",
    "1h30m, PT1H30M",
    "1d12h, PT36H",
    "PT1M30S, PT1M30S",
    "pt1m, PT1M",
    "P30D, PT720H",
    "0, PT0S",
    "0s, PT0S",
    "36500d, PT876000H"
  })
  void readsDurationsAsPeopleWriteThem(String written, Duration meant) {
    assertThat(DurationText.parse(written)).contains(meant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "5 m",
        "-5m",
        "PT-5M",
        "1w",
        "9999999999s",
        "999999999d",
        "d",
        "soon",
        "36501d",
        "1.5d",
        "30m1h",
        "99999999999999999999h"
      })
  void refusesWhatItWouldHaveToGuess(String written) {
    assertThat(DurationText.parse(written)).isEmpty();
  }

  @Test
  void namesTheSettingAndTheTextThatIsNoDuration() {
    assertThatThrownBy(() -> DurationText.read("SATCHEL_EXPIRE_AFTER", "soon"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "expected SATCHEL_EXPIRE_AFTER to be a duration like 30s, 5m, 12h, 30d or PT1M"
                + " but found 'soon'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"30s", "90s", "5m", "1h", "30d", "0s", "PT0.5S"})
  void writesTheLargestWholeUnit(String written) {
    assertThat(DurationText.of(DurationText.parse(written).orElseThrow())).isEqualTo(written);
  }
}
