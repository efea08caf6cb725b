package dev.satchel.kv.local;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends answers in pieces, each when the one before is on its way: Netty copies everything it is
 * given out of the heap until the client reads it, and counts a client as idle until then. Safe for
 * any thread.
 */
final class Outgoing {
  private static final int PIECE_BYTES = 262_144;

  private final long mostBytes;
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param mostBytes how many unread bytes there may be of answers with more than one piece
   */
  Outgoing(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * Sends an answer, or a refusal if too much already waits for clients. Completes when nothing is
   * held any more; fails if the connection ends first.
   */
  Future<Void> send(HttpServerResponse response, Answer answer) {
    int length = answer.body().length;
    if (length <= PIECE_BYTES) {
      return begun(response, answer).end(Buffer.buffer(answer.body()));
    }
    if (bytes.addAndGet(length) > mostBytes) {
      bytes.addAndGet(-length);
      return send(response, Answer.of(Refusal.busy()));
    }
    begun(response, answer).putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(length));
    return pieces(response, Buffer.buffer(answer.body()), 0)
        .onComplete(any -> bytes.addAndGet(-length));
  }

  private static HttpServerResponse begun(HttpServerResponse response, Answer answer) {
    answer.headers().forEach(response::putHeader);
    return response.setStatusCode(answer.status());
  }

  private static Future<Void> pieces(HttpServerResponse response, Buffer body, int from) {
    int to = from + PIECE_BYTES;
    return to >= body.length()
        ? response.end(body.slice(from, body.length()))
        : response.write(body.slice(from, to)).compose(sent -> pieces(response, body, to));
  }
}
