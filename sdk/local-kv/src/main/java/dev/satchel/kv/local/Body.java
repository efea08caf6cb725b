package dev.satchel.kv.local;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A request's body, kept up to a limit and only counted beyond it. Filled on one event loop, then
 * read by one worker.
 */
final class Body {
  private static final int BLOCK_BYTES = 65_536;

  private final long limitBytes;
  private final List<byte[]> blocks = new ArrayList<>();
  private long seenBytes;
  private boolean complete;

  private Body(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * Reads the whole body, or as much of an overlong one as is worth waiting for. Fails if the
   * connection or {@code patience} ends first.
   */
  static Future<Body> read(
      Vertx vertx, HttpServerRequest request, long limitBytes, Duration patience) {
    var body = new Body(limitBytes);
    Promise<Body> done = Promise.promise();
    long timer =
        vertx.setTimer(
            patience.toMillis(), id -> done.tryFail("expected the body within " + patience));
    request.handler(
        chunk -> {
          body.append(chunk);
          if (body.seenBytes > Limits.DRAINED_BYTES) {
            done.tryComplete(body);
          }
        });
    request.endHandler(
        end -> {
          body.complete = true;
          done.tryComplete(body);
        });
    request.exceptionHandler(done::tryFail);
    return done.future().onComplete(any -> vertx.cancelTimer(timer));
  }

  private void append(Buffer chunk) {
    seenBytes += chunk.length();
    if (isOverLimit()) {
      blocks.clear();
      return;
    }
    int from = 0;
    int used = (int) ((seenBytes - chunk.length()) % BLOCK_BYTES);
    while (from < chunk.length()) {
      if (used == 0) {
        blocks.add(new byte[BLOCK_BYTES]);
      }
      int count = Math.min(chunk.length() - from, BLOCK_BYTES - used);
      chunk.getBytes(from, from + count, blocks.get(blocks.size() - 1), used);
      from += count;
      used = (used + count) % BLOCK_BYTES;
    }
  }

  boolean isOverLimit() {
    return seenBytes > limitBytes;
  }

  /**
   * Returns whether the client has sent everything, so that the connection can serve another
   * request.
   */
  boolean isComplete() {
    return complete;
  }

  byte[] bytes() {
    var bytes = new byte[(int) seenBytes];
    int at = 0;
    for (byte[] block : blocks) {
      int count = Math.min(block.length, bytes.length - at);
      System.arraycopy(block, 0, bytes, at, count);
      at += count;
    }
    return bytes;
  }

  /** Returns the body without a second copy of it. */
  InputStream stream() {
    return new InputStream() {
      private long at;

      @Override
      public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        if (at >= seenBytes) {
          return -1;
        }
        int from = (int) (at % BLOCK_BYTES);
        int count = (int) Math.min(Math.min(length, BLOCK_BYTES - from), seenBytes - at);
        System.arraycopy(blocks.get((int) (at / BLOCK_BYTES)), from, target, offset, count);
        at += count;
        return count;
      }
    };
  }
}
