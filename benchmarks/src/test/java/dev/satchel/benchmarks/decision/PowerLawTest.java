package dev.satchel.benchmarks.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PowerLawTest {
  private static final double[] USERS = {1_000, 10_000, 100_000, 1_000_000};

  @Test
  void findsTheSlopeOfWhatFollowsOne() {
    PowerLaw law = PowerLaw.fit(USERS, new double[] {3e3, 3e4, 3e5, 3e6});
    assertThat(law.slope()).isCloseTo(1, within(1e-9));
    assertThat(law.factor()).isCloseTo(3, within(1e-9));
    assertThat(law.inWords())
        .isEqualTo("grows as the users do: x10.0 for 10 times the users (slope 1.00)");
  }

  @Test
  void saysInWordsWhatTheSlopeMeans() {
    assertThat(words(5, 5, 5, 5)).startsWith("hardly changes");
    assertThat(words(1, Math.sqrt(10), 10, 10 * Math.sqrt(10))).startsWith("grows more slowly");
    assertThat(words(1, 100, 1e4, 1e6)).startsWith("grows faster");
    assertThat(words(1e6, 1e4, 100, 1)).startsWith("falls");
  }

  @Test
  void refusesOnePoint() {
    assertThatThrownBy(() -> PowerLaw.fit(new double[] {1}, new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String words(double... values) {
    return PowerLaw.fit(USERS, values).inWords();
  }
}
