package dev.satchel.publisher.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.run.Ledger;
import dev.satchel.publisher.run.Run;
import dev.satchel.publisher.store.PairCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final Ledger ledger = new Ledger(START);

  @Test
  void nothingIsReadyBeforeTheFirstGoodRun() {
    assertThat(at(0).isReady()).isFalse();
    ends(1, Run.Outcome.FAILED, "the store is down");

    assertThat(at(2).isReady()).isFalse();
    assertThat(at(2).why())
        .isEqualTo("no run has succeeded since the start 2 s ago; the last run: the store is down");
  }

  @Test
  void theLastGoodRunIsEnoughUntilItIsTooOldAndANewOneMakesItReadyAgain() {
    ends(10, Run.Outcome.PUBLISHED, "published");
    ends(40, Run.Outcome.REFUSED, "too few users");

    assertThat(at(69).isReady()).isTrue();
    assertThat(at(69).why())
        .isEqualTo("the last good run began 59 s ago; the last run: too few users");
    assertThat(at(70).isReady()).isFalse();
    assertThat(at(70).why())
        .isEqualTo(
            "the last good run began 1 min 0 s ago, expected one within 1 min 0 s; the last run:"
                + " too few users");
    ends(80, Run.Outcome.UNCHANGED, "unchanged");
    assertThat(at(81).isReady()).isTrue();
  }

  @Test
  void whoeverStandsByOrHoldsIsReadyAndWhoeverStopsIsNot() {
    ledger.waits("another publishes");
    assertThat(at(1_000)).isEqualTo(new Readiness(true, "standing by: another publishes"));
    ledger.works();
    ends(1_000, Run.Outcome.HELD, "held by somebody");
    assertThat(at(1_010).isReady()).isTrue();
    ledger.stops();
    assertThat(at(1_010)).isEqualTo(new Readiness(false, "stopping"));
  }

  @Test
  void theVerdictSaysInOneLookWhatToDo() {
    assertThat(verdict(0, 0.1)).isEqualTo(Verdict.Mood.ATTENTION); // starting
    ends(10, Run.Outcome.PUBLISHED, "published");
    assertThat(verdict(11, 0.1)).isEqualTo(Verdict.Mood.WELL);
    assertThat(verdict(11, 0.9)).isEqualTo(Verdict.Mood.ATTENTION); // nearly full
    assertThat(verdict(300, 0.1)).isEqualTo(Verdict.Mood.TROUBLE); // too old
    ends(310, Run.Outcome.UNCHANGED, "unchanged");
    ends(320, Run.Outcome.REFUSED, "too few users");
    assertThat(verdict(321, 0.1)).isEqualTo(Verdict.Mood.ATTENTION);
  }

  private Verdict.Mood verdict(int seconds, double share) {
    Instant now = START.plusSeconds(seconds);
    return Verdict.of(ledger, at(seconds), Optional.empty(), share, now).mood();
  }

  private Readiness at(int seconds) {
    return Readiness.of(
        ledger, good -> good.plus(Duration.ofMinutes(1)), START.plusSeconds(seconds));
  }

  private void ends(int seconds, Run.Outcome outcome, String words) {
    ledger.ended(
        new Run(
            START.plusSeconds(seconds),
            Run.Trigger.SCHEDULE,
            outcome,
            Map.of("read", 0.1),
            1,
            2,
            3,
            0,
            PairCounts.NONE,
            words));
  }
}
