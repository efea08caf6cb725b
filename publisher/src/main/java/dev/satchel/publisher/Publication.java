package dev.satchel.publisher;

import io.vertx.core.Future;

/** One way to publish the users to KV. */
interface Publication {
  /** Publishes once. Not called again before the future has completed. */
  Future<? extends Report> publish();
}
