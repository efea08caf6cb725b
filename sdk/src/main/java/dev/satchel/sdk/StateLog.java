package dev.satchel.sdk;

import dev.satchel.sdk.ClientStatus.State;
import java.time.Duration;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs one line at each change of a client's state, however many attempts lie between. While
 * attempts go on failing, another reason is a line too, at most once a minute.
 */
final class StateLog {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLog.NAME);

  private static final long BETWEEN_REASONS_NANOS = Duration.ofMinutes(1).toNanos();

  /** A number that is another one at each attempt, unlike a status or a revision. */
  private static final Pattern COUNT = Pattern.compile("[0-9]+(?= (ms|bytes|of)\\b)");

  private final String source;
  private ClientStatus before;
  private boolean failureAtStartLogged;

  /** The reason that was logged last, without counts such as milliseconds. */
  private String reason = "";

  private boolean isReasonLogged;
  private long reasonLoggedNanos;

  StateLog(String source, ClientStatus first) {
    this.source = source;
    this.before = first;
  }

  /**
   * Logs the state if it has changed.
   *
   * @param serving whether lookups answer from the view held
   */
  void report(ClientStatus status, boolean serving) {
    State earlier = before.state();
    long earlierRevision = before.revision();
    before = status;
    if (status.state() == State.EMPTY) {
      if (status.lastFailure() != null && !failureAtStartLogged) {
        failureAtStartLogged = true;
        remember(status);
        LOG.warn("{}: no snapshot yet: {}", source, status.lastFailure());
      } else {
        reportAnotherReason(status);
      }
    } else if (status.state() == earlier) {
      if (status.revision() != earlierRevision) {
        LOG.debug("{}: revision {} with {} users", source, status.revision(), status.users());
      }
      reportAnotherReason(status);
    } else if (status.state() == State.FRESH) {
      LOG.info(
          "{}: now FRESH at revision {} with {} users", source, status.revision(), status.users());
    } else {
      remember(status);
      LOG.warn(
          "{}: now {}, {} revision {}: {}",
          source,
          status.state(),
          serving ? "still serving" : "no longer serving",
          status.revision(),
          status.lastFailure());
    }
  }

  private void reportAnotherReason(ClientStatus status) {
    String next = withoutCounts(status);
    if (status.state() == State.FRESH || next.isEmpty() || next.equals(reason)) {
      return;
    }
    long now = System.nanoTime();
    if (isReasonLogged && now - reasonLoggedNanos < BETWEEN_REASONS_NANOS) {
      return;
    }
    remember(status);
    isReasonLogged = true;
    reasonLoggedNanos = now;
    LOG.warn("{}: still {}, now because: {}", source, status.state(), status.lastFailure());
  }

  private void remember(ClientStatus status) {
    reason = withoutCounts(status);
  }

  private static String withoutCounts(ClientStatus status) {
    String failure = status.lastFailure();
    return failure == null ? "" : COUNT.matcher(failure).replaceAll("#");
  }
}
