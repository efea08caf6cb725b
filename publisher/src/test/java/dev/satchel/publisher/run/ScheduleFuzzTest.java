package dev.satchel.publisher.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.satchel.publisher.cli.OptionsFuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a schedule is set to, it ticks on and on or is refused in one line. A build runs this
 * over its corpus only, which is beside it in the resources; to search:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl publisher -am test -Dtest=ScheduleFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class ScheduleFuzzTest {
  private static final Instant NOW = Instant.parse("2026-03-28T00:00:00Z");

  /** The longest that a duration may be, and far more than from one leap day to the next. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private static final int TICKS = 5;

  /** What is set, the time zone and the time now, with a null character between. */
  @FuzzTest
  @Timeout(10)
  void whateverAScheduleIsItTicksOnOrIsRefused(byte[] input) {
    String[] parts = new String(input, StandardCharsets.UTF_8).split("\0", 3);
    String zone = parts.length > 1 ? parts[1] : "";
    Instant now = parts.length > 2 ? instant(parts[2]) : NOW;

    for (String variable : List.of(RunSettings.SCHEDULE.variable(), RunSettings.CRON.variable())) {
      List<String> problems = new ArrayList<>();
      var settings =
          RunSettings.fromEnv(
              Map.of(variable, parts[0], RunSettings.TIME_ZONE.variable(), zone), now, problems);
      if (problems.isEmpty()) {
        ticksOn(settings.schedule(), now);
        assertThat(settings.redAt(now)).isAfter(now);
        assertThat(settings.inWords()).isNotBlank();
      } else {
        for (String problem : OptionsFuzzTest.told(problems)) {
          assertThat(problem)
              .matches("(" + variable + "|" + RunSettings.TIME_ZONE + "): expected .* found .*");
        }
      }
    }
  }

  private static void ticksOn(Schedule schedule, Instant now) {
    Instant tick = now;
    for (int i = 1; i <= TICKS && tick.isBefore(now.plus(LONGEST)); i++) {
      Instant next = schedule.next(now, tick);
      assertThat(next).isAfter(tick).isBeforeOrEqualTo(tick.plus(LONGEST));
      assertThat(schedule.ticks(now, now, next)).isEqualTo(i);
      assertThat(schedule.ticks(now, tick, next.minusNanos(1))).isZero();
      tick = next;
    }
  }

  private static Instant instant(String text) {
    try {
      Instant given = Instant.parse(text);
      boolean isNear = Duration.between(NOW, given).abs().compareTo(LONGEST) < 0;
      return isNear ? given : NOW;
    } catch (DateTimeException e) {
      return NOW;
    }
  }
}
