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
  /** From the request's headers to the end of the answer: 25 MiB at 0.7 Mbit/s. */
  static final Duration FOR_ANSWER = Duration.ofMinutes(5);

  /** After the last answer: closing at once could lose it, if the peer is still sending. */
  static final Duration FOR_GOODBYE = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final HttpConnection connection;
  private final Duration forRequest;
  private int underWay;
  private long timer;

  private ConnectionDeadline(Vertx vertx, HttpConnection connection, Duration forRequest) {
    this.vertx = vertx;
    this.connection = connection;
    this.forRequest = forRequest;
  }

  /**
   * Begins with a connection that was just made.
   *
   * @param forRequest from connecting, or from the answer before, to the end of the headers
   */
  static ConnectionDeadline on(Vertx vertx, HttpConnection connection, Duration forRequest) {
    var deadline = new ConnectionDeadline(vertx, connection, forRequest);
    deadline.closeIn(forRequest);
    return deadline;
  }

  void connectionClosed() {
    vertx.cancelTimer(timer);
  }

  void requestArrived() {
    underWay++;
    restart(FOR_ANSWER);
  }

  void answerEnded(boolean last) {
    underWay--;
    // a request that was sent before this answer begins while this one still ends
    restart(underWay > 0 ? FOR_ANSWER : last ? FOR_GOODBYE : forRequest);
  }

  private void restart(Duration duration) {
    vertx.cancelTimer(timer);
    closeIn(duration);
  }

  private void closeIn(Duration duration) {
    timer = vertx.setTimer(duration.toMillis(), due -> connection.close());
  }
}
