package dev.satchel.demo;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;

/**
 * Closes a connection that takes too long over a request, an answer, or doing nothing. An idle
 * timeout alone is not enough: a byte now and then would hold the connection for ever. Confined to
 * the connection's event loop.
 */
final class ConnectionDeadline {
  /**
   * How long to wait after the last answer: closing at once could lose it if the peer is still
   * sending.
   */
  static final Duration FOR_GOODBYE = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final HttpConnection connection;
  private final DemoServer.Bounds bounds;
  private int underWay;
  private long timer;

  private ConnectionDeadline(Vertx vertx, HttpConnection connection, DemoServer.Bounds bounds) {
    this.vertx = vertx;
    this.connection = connection;
    this.bounds = bounds;
  }

  /** Starts to watch a connection that was just made. */
  static ConnectionDeadline on(Vertx vertx, HttpConnection connection, DemoServer.Bounds bounds) {
    var deadline = new ConnectionDeadline(vertx, connection, bounds);
    deadline.closeIn(bounds.forRequest());
    return deadline;
  }

  void connectionClosed() {
    vertx.cancelTimer(timer);
  }

  void requestArrived() {
    underWay++;
    restart(bounds.forAnswer());
  }

  void answerEnded(boolean last) {
    underWay--;
    // a request that was sent before this answer begins while this one still ends
    restart(underWay > 0 ? bounds.forAnswer() : last ? FOR_GOODBYE : bounds.forRequest());
  }

  private void restart(Duration duration) {
    vertx.cancelTimer(timer);
    closeIn(duration);
  }

  private void closeIn(Duration duration) {
    timer = vertx.setTimer(duration.toMillis(), due -> connection.close());
  }
}
