package dev.satchel.publisher.publish;

import io.vertx.core.Future;

/** One way to publish the users to KV. */
public interface Publication {
  /** Publishes once. Not called again before the future has completed. */
  Future<? extends Outcome> publish();
}
