package dev.satchel.publisher.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.SatchelRun;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Instant NOW = Instant.parse("2026-03-28T00:00:00Z");

  private final List<String> problems = new ArrayList<>();

  @Test
  void aMinuteIsTheDefault() {
    assertThat(settings(Map.of()).schedule()).isEqualTo(new Schedule.Every(Duration.ofMinutes(1)));
    assertThat(problems).isEmpty();
  }

  @Test
  void cronGoesByItsTimeZoneAlsoWhenClocksChange() {
    var schedule =
        settings(Map.of("SATCHEL_CRON", "0 3 * * *", "SATCHEL_TIME_ZONE", "Europe/Berlin"))
            .schedule();

    Instant first = schedule.next(NOW, NOW);
    Instant second = schedule.next(NOW, first); // clocks went forward at 02:00

    assertThat(first).isEqualTo("2026-03-28T02:00:00Z");
    assertThat(second).isEqualTo("2026-03-29T01:00:00Z");
    assertThat(schedule.ticks(NOW, first, second)).isEqualTo(1);
    assertThat(schedule.ticks(NOW, first, second.minusMillis(1))).isZero();
    assertThat(problems).isEmpty();
  }

  @Test
  void cronIsInUtcUnlessAZoneIsNamed() {
    var schedule = settings(Map.of("SATCHEL_CRON", "15 * * * MON-FRI")).schedule();

    assertThat(schedule.next(NOW, NOW)).isEqualTo("2026-03-30T00:15:00Z"); // a Monday
    assertThat(ZoneId.of("UTC")).isEqualTo(((Schedule.Cron) schedule).zone());
  }

  @Test
  void anIntervalCountsFromItsAnchorOnly() {
    var schedule = new Schedule.Every(Duration.ofMinutes(5));
    Instant anchor = NOW.plusSeconds(7);

    assertThat(schedule.next(anchor, anchor)).isEqualTo(anchor.plus(Duration.ofMinutes(5)));
    assertThat(schedule.next(anchor, anchor.plusSeconds(299)))
        .isEqualTo(anchor.plus(Duration.ofMinutes(5)));
    assertThat(schedule.ticks(anchor, anchor, anchor.plusSeconds(601))).isEqualTo(2);
    assertThat(schedule.ticks(anchor, anchor.plusSeconds(601), anchor)).isZero();
  }

  @Test
  void whatIsWrongIsSaidWithTheVariableTheValueAndWhatWouldBeRight() {
    for (String wrong :
        new String[] {
          "61 * * * *",
          "* * * *",
          "@daily",
          "a b c d e",
          "*/0 * * * *",
          "0 0 31 2 *",
          "* * * * * *",
          "|",
          "| * * * *"
        }) {
      problems.clear();
      settings(Map.of("SATCHEL_CRON", wrong));
      assertThat(problems)
          .singleElement()
          .asString()
          .startsWith("SATCHEL_CRON: expected minute, hour, day of month")
          .contains("but found " + wrong + " (")
          .doesNotContain("\n");
    }
    problems.clear();
    settings(Map.of("SATCHEL_CRON", "* * * * *", "SATCHEL_TIME_ZONE", "Mars/Olympus"));
    assertThat(problems)
        .containsExactly(
            "SATCHEL_TIME_ZONE: expected a time zone such as UTC, Europe/Berlin or +02:00 but found"
                + " Mars/Olympus");
    problems.clear();
    settings(Map.of("SATCHEL_LISTEN", "x".repeat(64)));
    assertThat(problems).singleElement().asString().startsWith("SATCHEL_LISTEN: expected");
  }

  @Test
  void anIntervalAndACronExpressionTogetherAreAnError() {
    settings(Map.of("SATCHEL_CRON", "* * * * *", "SATCHEL_SCHEDULE", "5m"));

    assertThat(problems)
        .containsExactly(
            "expected one of SATCHEL_SCHEDULE and SATCHEL_CRON but both are set, to 5m and * * * *"
                + " *");
    var satchel =
        SatchelRun.with(Map.of("SATCHEL_CRON", "* * * * *", "SATCHEL_DIR", "/nowhere/to/be"));
    assertThat(satchel.run("run", "--schedule", "5 parsecs")).isEqualTo(2);
    assertThat(satchel.err()).contains("5 parsecs").doesNotContain("both are set");
    assertThat(satchel.run("run", "--schedule", "5m", "--cron", "* * * * *")).isEqualTo(2);
    assertThat(satchel.err()).contains("both are set");
  }

  @Test
  void threeTicksWithoutAGoodRunAreTooManyAndAMinuteIsNot() {
    assertThat(settings(Map.of("SATCHEL_SCHEDULE", "5m")).redAt(NOW))
        .isEqualTo(NOW.plus(Duration.ofMinutes(15)));
    assertThat(settings(Map.of("SATCHEL_SCHEDULE", "1s")).redAt(NOW))
        .isEqualTo(NOW.plus(Duration.ofMinutes(1)));
    assertThat(settings(Map.of("SATCHEL_CRON", "0 3 * * *")).redAt(NOW))
        .isEqualTo("2026-03-30T03:00:00Z");
    assertThat(
            settings(Map.of("SATCHEL_CRON", "0 3 * * *", "SATCHEL_READY_AFTER", "2h")).redAt(NOW))
        .isEqualTo(NOW.plus(Duration.ofHours(2)));
    assertThat(problems).isEmpty();
  }

  private RunSettings settings(Map<String, String> env) {
    return RunSettings.fromEnv(env, NOW, problems);
  }
}
