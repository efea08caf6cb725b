package dev.satchel.benchmarks.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.satchel.benchmarks.decision.Workload.Layout;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void whatThePlanIncludesIsFree() {
    assertThat(CloudflarePrices.dollars(10e6, 1e6, 1e9)).isZero();
    assertThat(CloudflarePrices.dollars(12e6, 3e6, 5e9)).isCloseTo(1 + 10 + 2, within(1e-9));
  }

  @Test
  void aSnapshotIsThreeWritesForAPublicationHoweverManyUsers() {
    for (int users : new int[] {10_000, 1_000_000}) {
      assertThat(load(users, HOUR, 10).use(Layout.SNAPSHOT).writes()).isEqualTo(3 * 24 * 30);
      assertThat(load(users, MINUTE, 10).use(Layout.SNAPSHOT).writes()).isEqualTo(3 * 24 * 30 * 60);
    }
  }

  @Test
  void everyPairIsAWriteEachTime() {
    Workload load = load(1_000_000, HOUR, 0);
    assertThat(load.use(Layout.PER_KEY).writes()).isEqualTo(720e6);
    // 720 million writes, one of them included, at $5 a million
    assertThat(load.dollars(Layout.PER_KEY)).isCloseTo(719 * 5, within(1e-6));
    assertThat(load.use(Layout.PER_KEY_CHANGED).writes()).isEqualTo(1e6);
  }

  @Test
  void historyIsPaidByItsLength() {
    Workload load = load(1_000_000, MINUTE, 0);
    // 43,201 and 101 values of 15 MB
    assertThat(load.use(Layout.SNAPSHOT_ALL).storedBytes()).isEqualTo(43_201 * 15e6);
    assertThat(load.use(Layout.SNAPSHOT).storedBytes()).isEqualTo(101 * 15e6);
    assertThat(load.dollars(Layout.SNAPSHOT_ALL)).isCloseTo((648.015 - 1) * 0.5, within(1e-6));
    assertThat(load.dollars(Layout.SNAPSHOT)).isCloseTo((1.515 - 1) * 0.5, within(1e-6));
  }

  @Test
  void readersOfASnapshotTakeAPollEachMinuteAndAFetchForEachChange() {
    // five polls and five fetches each; three writes and four reads for each of five publications
    assertThat(load(10_000, MINUTE, 100).requestsInFiveMinutes(Layout.SNAPSHOT))
        .isCloseTo(100 * 10 + 5 * 7, within(1e-6));
    // five polls and one fetch each; one publication
    assertThat(load(10_000, HOUR, 100).requestsInFiveMinutes(Layout.SNAPSHOT))
        .isCloseTo(100 * 6 + 7, within(1e-6));
  }

  @Test
  void writingAMillionPairsTakesAHundredRequests() {
    assertThat(load(1_000_000, HOUR, 0).requestsInFiveMinutes(Layout.PER_KEY))
        .isCloseTo(100, within(1e-6));
    assertThat(load(1_000_000, MINUTE, 0).requestsInFiveMinutes(Layout.PER_KEY))
        .isCloseTo(500, within(1e-6));
  }

  @Test
  void readersOfPairsTakeARequestForEachLookupThatTheirCacheMisses() {
    double misses = 1 - UserIds.ZIPF.hitRate(10_000, Workload.LOOKUPS_PER_SECOND, 60);
    assertThat(load(10_000, HOUR, 7).requestsInFiveMinutes(Layout.PER_KEY))
        .isCloseTo(7 * misses * Workload.LOOKUPS_PER_SECOND * 300 + 1, within(1e-3));
  }

  private static Workload load(int users, Duration every, int readers) {
    return new Workload(users, every, readers, 15_000_000, 190);
  }
}
