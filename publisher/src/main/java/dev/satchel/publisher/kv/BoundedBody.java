package dev.satchel.publisher.kv;

import dev.satchel.kv.KvException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Collects one response body within a size and a time. A body beyond either is discarded and not
 * read further: the connection stays paused until it is closed as idle. Confined to the request's
 * event loop, except {@link #refused()}.
 */
final class BoundedBody implements BodyCodec<Buffer>, BodyStream<Buffer> {
  private final int maxBytes;
  private final Duration maxTime;
  private final TrafficCounter traffic;
  private final long startedNanos = System.nanoTime();
  private final Promise<Buffer> whole = Promise.promise();
  private final Promise<Void> refused = Promise.promise();
  private @Nullable Queue<Buffer> parts = new ArrayDeque<>();
  private int bytes;

  BoundedBody(int maxBytes, Duration maxTime, TrafficCounter traffic) {
    this.maxBytes = maxBytes;
    this.maxTime = maxTime;
    this.traffic = traffic;
  }

  /**
   * Returns a future that fails with {@link KvException} as soon as the body exceeds a limit, and
   * never succeeds.
   */
  Future<Void> refused() {
    return refused.future();
  }

  @Override
  public BodyStream<Buffer> stream() {
    return this;
  }

  @Override
  public Future<Buffer> result() {
    return whole.future();
  }

  @Override
  public Future<Void> write(Buffer data) {
    traffic.received(data.length());
    if (parts == null) {
      return Future.succeededFuture();
    }
    if (bytes + (long) data.length() > maxBytes) {
      refuse("expected at most " + maxBytes + " bytes but the answer is longer", false);
    } else if (System.nanoTime() - startedNanos > maxTime.toNanos()) {
      refuse(
          "expected the whole answer within "
              + maxTime.toMillis()
              + " ms but got only "
              + bytes
              + " bytes",
          true);
    } else {
      parts.add(data);
      bytes += data.length();
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> end() {
    if (parts != null) {
      whole.tryComplete(joined(parts));
    }
    return Future.succeededFuture();
  }

  /**
   * Joins the parts. A buffer that grows with each part would be copied every 4 MiB, and be held
   * twice each time; this one is allocated once, and each part is released once it is copied.
   */
  private Buffer joined(Queue<Buffer> queue) {
    Buffer joined = Buffer.buffer(bytes);
    for (Buffer part = queue.poll(); part != null; part = queue.poll()) {
      joined.appendBuffer(part);
    }
    return joined;
  }

  @Override
  public void handle(Throwable cause) {
    whole.tryFail(cause);
  }

  @Override
  public boolean writeQueueFull() {
    return parts == null;
  }

  @Override
  public BoundedBody exceptionHandler(@Nullable Handler<Throwable> ignored) {
    return this;
  }

  @Override
  public BoundedBody setWriteQueueMaxSize(int ignored) {
    return this;
  }

  @Override
  public BoundedBody drainHandler(@Nullable Handler<Void> neverCalled) {
    return this;
  }

  private void refuse(String message, boolean mayPass) {
    parts = null;
    var failure = new KvException(message, KvException.NO_STATUS, 0, mayPass, null);
    whole.tryFail(failure);
    refused.tryFail(failure);
  }
}
