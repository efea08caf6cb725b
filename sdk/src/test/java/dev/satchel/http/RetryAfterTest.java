package dev.satchel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-28T08:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "120 | 120",
        "3.5 | 4",
        "0.001 | 1",
        "2.0 | 2",
        "Sat, 28 Nov 2026 08:00:07 GMT | 7",
        "Saturday, 28-Nov-26 08:00:07 GMT | 7",
        "Sat Nov 28 08:00:07 2026 | 7",
        "Tue Dec  1 08:00:00 2026 | 259200",
        "Sat, 28 Nov 2026 07:59:00 GMT | 0",
      })
  void readsSecondsAndAllThreeFormsOfADate(String text, long seconds) {
    assertThat(RetryAfter.asked(text, null, NOW)).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(RetryAfter.asked(" " + text + " ", null, NOW))
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sat, 28 Nov 2026 07:00:00 GMT",
        "Saturday, 28-Nov-26 07:00:00 GMT",
        "Sat Nov 28 07:00:00 2026"
      })
  void countsADateFromTheServersOwnDateInAnyForm(String date) {
    assertThat(RetryAfter.asked("Sat Nov 28 07:00:30 2026", date, NOW))
        .isEqualTo(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "soon", "-1", "3.", ".5", "1e3", "99999999999", "Sat Nov 99 08:00:07 2026"})
  void takesAnythingElseForNoAnswer(String text) {
    assertThat(RetryAfter.asked(text, null, NOW)).isNull();
  }
}
