package dev.satchel.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTest {
  @Test
  void everyFaultComesInEveryCycleAndThePublisherIsKilledOnlyInTheFirstSixth() {
    List<Fault.Due> schedule = Fault.schedule(3_600);

    assertThat(schedule).filteredOn(due -> due.fault() == Fault.STALLS).hasSize(36);
    assertThat(schedule)
        .filteredOn(due -> due.fault() == Fault.KILL)
        .hasSize(6)
        .allSatisfy(due -> assertThat(due.second()).isLessThan(600));
  }

  @Test
  void noFaultBeginsBeforeTheOneBeforeIsOver() {
    List<Fault.Due> schedule = Fault.schedule(300);

    for (int i = 1; i < schedule.size(); i++) {
      assertThat(schedule.get(i).second())
          .isGreaterThanOrEqualTo(schedule.get(i - 1).second() + Fault.SECONDS);
    }
  }
}
