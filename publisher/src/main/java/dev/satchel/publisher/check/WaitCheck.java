package dev.satchel.publisher.check;

import java.time.Duration;
import java.util.List;

/** Judges what becomes of a request that asks to wait for a change. */
final class WaitCheck {
  private static final Duration WAIT = Duration.ofSeconds(2);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final String NAME = "waiting";

  private final Probe probe;
  private final Answer whole;

  WaitCheck(Probe probe, Answer whole) {
    this.probe = probe;
    this.whole = whole;
  }

  void addTo(List<Finding> findings) throws InterruptedException {
    if (whole.etag().isEmpty()) {
      findings.add(Finding.skipped(NAME, "there is no ETag to ask with"));
      return;
    }
    try {
      findings.add(
          judged(
              probe.head(
                  WAIT, "If-None-Match", whole.etag(), "Prefer", "wait=" + WAIT.toSeconds())));
    } catch (Probe.NoAnswerException e) {
      findings.add(
          Finding.warning(
              NAME,
              "an answer to Prefer: wait=2, at once or after 2 s",
              String.valueOf(e.getMessage()),
              "answer within the time asked for; a proxy on the way may cut requests that wait"));
    }
  }

  private Finding judged(Answer answer) {
    String expected = "an answer after 2 s with Preference-Applied: wait=…, or at once without it";
    if (answer.revision() > whole.revision()) {
      return Finding.ok(NAME, expected, "a newer revision");
    }
    boolean isApplied = answer.header("preference-applied").contains("wait=");
    boolean hasWaited = answer.took().compareTo(LEAST) >= 0;
    if (isApplied && hasWaited && answer.status() == 304) {
      return Finding.ok(NAME, expected, "it waits, so SATCHEL_LONGEST_WAIT brings changes at once");
    } else if (!isApplied && !hasWaited) {
      return Finding.ok(NAME, expected, "it does not wait, so clients poll");
    }
    return Finding.warning(
        NAME,
        expected,
        "%s after %d ms with%s Preference-Applied"
            .formatted(answer.statusInWords(), answer.took().toMillis(), isApplied ? "" : "out"),
        "say so only if it waits; clients that set SATCHEL_LONGEST_WAIT ask such a server once a"
            + " minute at most");
  }
}
