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
  /** From connecting, or from the answer before, to the end of the request's headers. */
  static final Duration FOR_REQUEST = Duration.ofSeconds(30);

  /** From the request's headers to the end of the answer: 25 MiB at 0.7 Mbit/s. */
  static final Duration FOR_ANSWER = Duration.ofMinutes(5);

  /** After the last answer: closing at once could lose it, if the peer is still sending. */
  static final Duration FOR_GOODBYE = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final HttpConnection connection;
  private long timer;

  private ConnectionDeadline(Vertx vertx, HttpConnection connection) {
    this.vertx = vertx;
    this.connection = connection;
  }

  static ConnectionDeadline on(Vertx vertx, HttpConnection connection) {
    var deadline = new ConnectionDeadline(vertx, connection);
    deadline.closeIn(FOR_REQUEST);
    return deadline;
  }

  void connectionClosed() {
    vertx.cancelTimer(timer);
  }

  void requestArrived() {
    restart(FOR_ANSWER);
  }

  void answerEnded(boolean last) {
    restart(last ? FOR_GOODBYE : FOR_REQUEST);
  }

  private void restart(Duration duration) {
    vertx.cancelTimer(timer);
    closeIn(duration);
  }

  private void closeIn(Duration duration) {
    timer = vertx.setTimer(duration.toMillis(), due -> connection.close());
  }
}
