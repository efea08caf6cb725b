package dev.satchel.publisher.source;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Judges how far behind its primary a replica is. Called on an event loop. */
@FunctionalInterface
public interface LagCheck {
  /**
   * Passes a replica that is good enough, or throws what the read is to fail with.
   *
   * @param address of the replica
   * @param behind zero if it is level with its primary; else the time since the last transaction
   *     that it replayed; null if there was none since it started
   */
  void check(String address, @Nullable Duration behind);
}
