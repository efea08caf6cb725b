package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class FreshnessTest {
  private static final Instant START = Instant.parse("2026-03-01T13:00:00Z");
  private static final ConfigView VIEW =
      new ConfigView(
          Snapshot.open(Publication.ofFlag(7, "alice", true).value().clone()),
          new FieldNames(),
          new Binder(null));

  private static Freshness begin(ConfigClientOptions.Builder options) {
    return Freshness.begin(Freshness.Terms.of(options.build()), START);
  }

  private static ConfigClientOptions.Builder options() {
    return ConfigClientOptions.builder()
        .pollInterval(Duration.ofSeconds(60))
        .callTimeout(Duration.ofSeconds(10));
  }

  private static Instant at(long seconds) {
    return START.plusSeconds(seconds);
  }

  private static void expect(Freshness freshness, long seconds, State state, long sinceSeconds) {
    ClientStatus status = freshness.at(at(seconds));
    assertThat(status.state()).isEqualTo(state);
    assertThat(status.since()).isEqualTo(at(sinceSeconds));
  }

  @Test
  void isEmptySinceTheStartUntilSomethingCame() {
    Freshness empty = begin(options());

    expect(empty, 100, State.EMPTY, 0);
    expect(empty.failed("refused", at(5)), 100, State.EMPTY, 0);
    assertThat(empty.failed("refused", at(5)).at(at(6)).lastFailure()).isEqualTo("refused");
    expect(empty.agreed(VIEW, at(7)), 8, State.FRESH, 7);
  }

  @Test
  void isStaleFromTheFirstFailureUnlessToldOtherwise() {
    Freshness failing = begin(options()).agreed(VIEW, at(0)).failed("refused", at(60));

    expect(failing, 60, State.STALE, 60);
    expect(failing.failed("refused", at(61)), 70, State.STALE, 60);
    expect(failing.agreed(VIEW, at(80)), 80, State.FRESH, 80);
  }

  @Test
  void bearsFailuresForAsLongAsItWasTold() {
    Freshness failing =
        begin(options().staleAfter(Duration.ofMinutes(5)))
            .agreed(VIEW, at(0))
            .failed("refused", at(60));

    expect(failing, 299, State.FRESH, 0);
    expect(failing, 300, State.STALE, 300);
    expect(failing.agreed(VIEW, at(120)), 130, State.FRESH, 0);
  }

  @Test
  void isStaleWhenNoAttemptEndsAtAll() {
    Freshness silent = begin(options()).agreed(VIEW, at(0));

    expect(silent, 85, State.FRESH, 0);
    expect(silent, 86, State.STALE, 86); // 60 s and a tenth, and two calls of 10 s
    assertThat(silent.at(at(86)).lastFailure()).contains("no attempt has ended");
  }

  @Test
  void expiresByTheAgreementOfTheSourceAndIsThenNotReady() {
    Freshness failing =
        begin(options().expireAfter(Duration.ofHours(1)))
            .agreed(VIEW, at(0))
            .failed("refused", at(60));

    assertThat(failing.at(at(3_599)).isReady()).isTrue();
    expect(failing, 3_600, State.EXPIRED, 3_600);
    assertThat(failing.at(at(3_600)).isReady()).isFalse();
    assertThat(failing.at(at(9_999)).lastFailure()).isEqualTo("refused");
    expect(failing.agreed(VIEW, at(4_000)), 4_000, State.FRESH, 4_000);
  }

  @Test
  void countsTheAgeOfACopyFromWhenTheSourceAgreedAndOfABundleFromItsPublication() {
    Freshness begun = begin(options().expireAfter(Duration.ofHours(2)));

    Freshness copy = begun.fellBack(VIEW, at(-3_600), at(1));
    expect(copy, 2, State.STALE, 1);
    expect(copy, 3_600, State.EXPIRED, 3_600);
    Freshness bundle = begun.fellBack(VIEW, null, at(1)); // published an hour before the start
    expect(bundle, 3_599, State.STALE, 1);
    expect(bundle, 3_600, State.EXPIRED, 3_600);
    Freshness fromTheFuture = begun.fellBack(VIEW, at(99_999), at(1));
    expect(fromTheFuture, 7_201, State.EXPIRED, 7_201);
  }

  @Test
  void knowsWhenItsStateWillChangeNext() {
    Freshness fresh = begin(options().expireAfter(Duration.ofHours(1))).agreed(VIEW, at(0));

    assertThat(begin(options()).nextChange(at(0))).isNull();
    assertThat(fresh.nextChange(at(1))).isEqualTo(at(86));
    assertThat(fresh.nextChange(at(86))).isEqualTo(at(3_600));
    assertThat(fresh.nextChange(at(3_600))).isNull();
  }
}
