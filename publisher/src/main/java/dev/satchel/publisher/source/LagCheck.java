package dev.satchel.publisher.source;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Judges how far a read replica is behind its primary. Called on an event loop. */
@FunctionalInterface
public interface LagCheck {
  /**
   * Accepts a replica that is recent enough; otherwise throws the exception that the read fails
   * with.
   *
   * @param address of the replica
   * @param behind zero if it has caught up with its primary; otherwise the time since the last
   *     transaction that it replayed; null if it has replayed none since it started
   */
  void check(String address, @Nullable Duration behind);
}
