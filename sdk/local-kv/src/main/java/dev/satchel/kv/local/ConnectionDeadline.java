package dev.satchel.kv.local;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;

/**
 * Closes a connection that takes too long to send a request's headers, or over a request as a
 * whole. An idle timeout alone is not enough: a byte now and then would hold the connection for
 * ever. Confined to the connection's event loop.
 */
final class ConnectionDeadline {
  private final Vertx vertx;
  private final HttpConnection connection;
  private final Duration forHeaders;
  private final Duration forAnswer;
  private int underWay;
  private long timer;

  private ConnectionDeadline(
      Vertx vertx, HttpConnection connection, Duration forHeaders, Duration forAnswer) {
    this.vertx = vertx;
    this.connection = connection;
    this.forHeaders = forHeaders;
    this.forAnswer = forAnswer;
  }

  /**
   * Starts to watch a connection that was just made.
   *
   * @param forHeaders from connecting, or from the answer before, to the end of the headers
   * @param forAnswer the time from there to the end of the answer
   */
  static ConnectionDeadline on(
      Vertx vertx, HttpConnection connection, Duration forHeaders, Duration forAnswer) {
    var deadline = new ConnectionDeadline(vertx, connection, forHeaders, forAnswer);
    deadline.closeIn(forHeaders);
    return deadline;
  }

  void requestArrived() {
    underWay++;
    restart(forAnswer);
  }

  void answerEnded() {
    underWay--;
    // a client may have sent its next request before it had this answer
    restart(underWay == 0 ? forHeaders : forAnswer);
  }

  void connectionClosed() {
    vertx.cancelTimer(timer);
  }

  private void restart(Duration duration) {
    vertx.cancelTimer(timer);
    closeIn(duration);
  }

  private void closeIn(Duration duration) {
    timer = vertx.setTimer(duration.toMillis(), due -> connection.close());
  }
}
