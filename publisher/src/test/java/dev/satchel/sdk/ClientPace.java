package dev.satchel.sdk;

import java.time.Duration;

/** How long a client waits for its next attempt, for the model, whose time is not the client's. */
public final class ClientPace {
  private ClientPace() {}

  /**
   * The wait.
   *
   * @param failures attempts that failed in a row; 0 also if the store asked for fewer calls
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  public static Duration delay(Duration pollInterval, int failures, double random) {
    return new PollPace(pollInterval).delay(failures, random);
  }
}
