package dev.satchel.publisher.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.IdentityHashMap;

/**
 * The open connections of the port and when each is closed at the latest. Confined to a context.
 */
final class Peers {
  private final Vertx vertx;
  private final HttpPort.Bounds bounds;

  /** The timer that closes each. */
  private final IdentityHashMap<HttpConnection, Long> timers = new IdentityHashMap<>();

  Peers(Vertx vertx, HttpPort.Bounds bounds) {
    this.vertx = vertx;
    this.bounds = bounds;
  }

  /** Bounds a new connection, or closes it if there are too many. */
  void accept(HttpConnection connection) {
    timers.put(connection, timer(connection, Duration.ZERO));
    connection.closeHandler(
        closed -> {
          Long timer = timers.remove(connection);
          if (timer != null) {
            vertx.cancelTimer(timer);
          }
        });
    if (timers.size() > bounds.connections()) {
      connection.close();
    }
  }

  /** Gives a connection its whole time from now on, and that for which its request waits. */
  void prolong(HttpConnection connection, Duration wait) {
    Long before = timers.get(connection);
    if (before != null) {
      vertx.cancelTimer(before);
      timers.put(connection, timer(connection, wait));
    }
  }

  private long timer(HttpConnection connection, Duration wait) {
    return vertx.setTimer(bounds.forConnection().plus(wait).toMillis(), due -> connection.close());
  }
}
