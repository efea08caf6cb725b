package dev.satchel.sdk;

import dev.satchel.sdk.ClientStatus.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs one line at each change of a client's state, however many attempts lie between. */
final class StateLog {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLog.NAME);

  private final String source;
  private ClientStatus before;
  private boolean failureAtStartLogged;

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
        LOG.warn("{}: no snapshot yet: {}", source, status.lastFailure());
      }
    } else if (status.state() == earlier) {
      if (status.revision() != earlierRevision) {
        LOG.debug("{}: revision {} with {} users", source, status.revision(), status.users());
      }
    } else if (status.state() == State.FRESH) {
      LOG.info(
          "{}: now FRESH at revision {} with {} users", source, status.revision(), status.users());
    } else {
      LOG.warn(
          "{}: now {}, {} revision {}: {}",
          source,
          status.state(),
          serving ? "still serving" : "no longer serving",
          status.revision(),
          status.lastFailure());
    }
  }
}
