package dev.satchel.publisher.publish;

import io.vertx.core.Future;

/** One way to bring the users into KV. */
public interface Publication {
  /** Publishes once; never called again before the future has completed. */
  Future<? extends Outcome> publish();
}
