package dev.satchel.benchmarks.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ReadingWayTest {
  @Test
  void theRestApiEndsAtAboutTwoHundredProcesses() {
    // five polls and a fetch each, and seven requests of the publisher
    assertThat(ReadingWay.REST.requestsInFiveMinutes(100)).isEqualTo(100 * 6 + 7);
    assertThat(ReadingWay.REST.fits(198)).isTrue();
    assertThat(ReadingWay.REST.fits(199)).isFalse();
  }

  @Test
  void behindNginxTheNumberOfProcessesDoesNotMatter() {
    for (int processes : new int[] {1_000, 100_000}) {
      // one request each ten seconds, one fetch, and the publisher's
      assertThat(ReadingWay.NGINX_REST.requestsInFiveMinutes(processes)).isEqualTo(30 + 1 + 7);
      assertThat(ReadingWay.NGINX_REST.fits(processes)).isTrue();
      assertThat(ReadingWay.NGINX_WORKER.dollars(processes)).isZero();
    }
    // two processes poll less often than that
    assertThat(ReadingWay.NGINX_REST.requestsInFiveMinutes(2)).isEqualTo(10 + 1 + 7);
  }

  @Test
  void aWorkerCostsARequestAReadAndItsTimeForEachPollAndFetch() {
    double requests = 1_000 * (43_200 + 720.0);
    double reads = (requests + 720 * 4 - 10e6) / 1e6 * 0.5;
    double worker = (requests - 10e6) / 1e6 * 0.3 + (requests - 30e6) / 1e6 * 0.02;
    assertThat(ReadingWay.WORKER.dollars(1_000)).isCloseTo(reads + worker, within(1e-6));
    assertThat(ReadingWay.WORKER.fits(100_000)).isTrue();
  }

  @Test
  void aChangeIsEverywhereWhenAllThatKeepAnswersHaveAskedAgain() {
    assertThat(ReadingWay.REST.secondsToTheLast()).isEqualTo(60 + 66);
    assertThat(ReadingWay.WORKER.secondsToTheLast()).isEqualTo(60 + 30 + 66);
    assertThat(ReadingWay.NGINX_REST.secondsToTheLast()).isEqualTo(60 + 11 + 66 + 66);
    assertThat(ReadingWay.NGINX_WORKER.secondsToTheLast()).isEqualTo(60 + 30 + 11 + 66 + 66);
  }
}
