package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class RequestBudgetTest {
  private static final Instant START = Instant.parse("2026-03-01T13:00:00Z");

  @Test
  void allowsHalfAtOnceAndSaysHowLongToWaitForMore() {
    var budget = new RequestBudget(20, START);

    for (int i = 0; i < 5; i++) {
      assertThat(budget.take(2, START)).isZero();
    }

    assertThat(budget.take(2, START)).isEqualTo(Duration.ofMinutes(1));
    assertThat(budget.take(2, START.plusSeconds(59)))
        .isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_001));
    assertThat(budget.take(2, START.plusSeconds(60))).isZero();
  }

  @Test
  void takesBackWhatWasNotUsed() {
    var budget = new RequestBudget(4, START);
    assertThat(budget.take(2, START)).isZero();

    budget.giveBack(1);
    budget.giveBack(99);

    assertThat(budget.take(2, START)).isZero();
    assertThat(budget.take(2, START)).isPositive();
  }

  @Test
  void standsStillWhileTheClockGoesBack() {
    var budget = new RequestBudget(4, START);
    assertThat(budget.take(2, START)).isZero();

    assertThat(budget.take(2, START.minusSeconds(3_600))).isPositive();
  }

  @RepeatedTest(20)
  void neverGivesMoreThanItsNumberInAnyFiveMinutes() {
    long seed = ThreadLocalRandom.current().nextLong();
    var random = new Random(seed);
    int most = 4 + random.nextInt(60);
    var budget = new RequestBudget(most, START);
    var taken = new ArrayDeque<Instant>();
    Instant now = START;

    for (int i = 0; i < 2_000; i++) {
      now = now.plusMillis(random.nextInt(random.nextInt(10) == 0 ? 200_000 : 2_000));
      if (budget.take(1, now).isZero()) {
        taken.add(now);
      }
      while (!taken.isEmpty() && !taken.peek().plusSeconds(300).isAfter(now)) {
        taken.remove();
      }
      assertThat(taken.size()).as("seed %d, most %d", seed, most).isLessThanOrEqualTo(most);
    }
  }

  @Test
  void theDefaultNeverHoldsUpPollingWhateverTheInterval() {
    for (long millis : new long[] {10, 500, 1_000, 6_000, 15_000, 60_000, 3_600_000}) {
      Duration interval = Duration.ofMillis(millis);
      var options = ConfigClientOptions.builder().pollInterval(interval).build();
      var budget = new RequestBudget(options.requestBudget(), START);
      Instant now = START;
      for (int poll = 0; poll < 5_000; poll++) {
        now = now.plus(new PollPace(interval).delay(0, 0));
        assertThat(budget.take(2, now)).as("poll %d at every %s", poll, interval).isZero();
      }
    }
  }
}
