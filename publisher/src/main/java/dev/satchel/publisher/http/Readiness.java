package dev.satchel.publisher.http;

import dev.satchel.publisher.run.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * The answer to whether the last good publication is recent enough.
 *
 * @param why one line for a person
 */
record Readiness(boolean isReady, String why) {

  /**
   * Judges readiness by the ledger.
   *
   * @param redAt returns the moment from which a good run of the given moment is too old
   */
  static Readiness of(Ledger ledger, UnaryOperator<Instant> redAt, Instant now) {
    if (ledger.isStopping()) {
      return new Readiness(false, "stopping");
    }
    var waitingFor = ledger.waitingFor();
    if (waitingFor.isPresent()) {
      return new Readiness(true, "standing by: " + waitingFor.get());
    }
    String last =
        ledger.runs().isEmpty() || ledger.runs().get(0).outcome().isGood()
            ? ""
            : "; the last run: " + ledger.runs().get(0).words();
    if (ledger.lastGood().isEmpty()) {
      return new Readiness(
          false,
          "no run has succeeded since the start %s ago%s"
              .formatted(Words.age(ledger.startedAt(), now), last));
    }
    Instant lastGood = ledger.lastGood().get().beganAt();
    String age = "the last good run began %s ago".formatted(Words.age(lastGood, now));
    if (now.isBefore(redAt.apply(lastGood))) {
      return new Readiness(true, age + last);
    }
    return new Readiness(
        false,
        "%s, expected one within %s%s"
            .formatted(
                age, Words.duration(Duration.between(lastGood, redAt.apply(lastGood))), last));
  }
}
