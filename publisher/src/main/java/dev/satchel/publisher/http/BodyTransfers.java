package dev.satchel.publisher.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sends long bodies, so many at a time and each in slices: a slow reader keeps a few slices in
 * memory and no more. Confined to the port's context.
 */
final class BodyTransfers {
  static final int SLICE_BYTES = 65_536;

  private final int most;
  private final Deque<Transfer> queued = new ArrayDeque<>();
  private int underWay;

  /** Allows this many bodies at a time; further ones wait for their turn. */
  BodyTransfers(int most) {
    this.most = most;
  }

  /** Sends a body after the headers that the response has, and closes the connection. */
  void send(HttpServerRequest request, Buffer body) {
    if (body.length() <= SLICE_BYTES) {
      request.response().end(body).onComplete(sent -> request.connection().close());
    } else {
      queued.add(new Transfer(request, body));
      beginNext();
    }
  }

  private void beginNext() {
    while (underWay < most && !queued.isEmpty()) {
      Transfer next = queued.remove();
      if (!next.request.response().closed()) {
        underWay++;
        next.begin();
      }
    }
  }

  private final class Transfer {
    private final HttpServerRequest request;
    private final Buffer body;
    private int at;
    private boolean hasEnded;

    Transfer(HttpServerRequest request, Buffer body) {
      this.request = request;
      this.body = body;
    }

    void begin() {
      request.response().closeHandler(closed -> end());
      write();
    }

    private void write() {
      HttpServerResponse response = request.response();
      while (at < body.length()) {
        if (response.writeQueueFull()) {
          response.drainHandler(drained -> write());
          return;
        }
        int to = Math.min(body.length(), at + SLICE_BYTES);
        Buffer slice = body.slice(at, to);
        at = to;
        if (to < body.length()) {
          response.write(slice);
        } else {
          response
              .end(slice)
              .onComplete(
                  sent -> {
                    request.connection().close();
                    end();
                  });
        }
      }
    }

    private void end() {
      if (!hasEnded) {
        hasEnded = true;
        underWay--;
        beginNext();
      }
    }
  }
}
