package dev.satchel.sdk.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until the test moves it. Safe for any thread. */
public final class TestClock implements InstantSource {
  private Instant now; // guarded by this

  /** A clock that stands at this moment. */
  public TestClock(Instant now) {
    this.now = now;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /** Moves the clock on, or back. */
  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }
}
