package dev.satchel.publisher.kv;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request body in slices, each written when the one before has left. The connection is thus seen
 * to be idle when the other side stops reading, and only one slice at a time is copied for the
 * socket. Confined to the request's event loop.
 */
final class SlicedBody implements ReadStream<Buffer> {
  private static final int SLICE_BYTES = 65_536;

  private final List<Buffer> parts;
  private int part;
  private int at;
  private long demand = Long.MAX_VALUE;
  private boolean emitting;
  private boolean ended;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;

  SlicedBody(List<Buffer> parts) {
    this.parts = parts;
  }

  @Override
  public SlicedBody handler(@Nullable Handler<Buffer> newHandler) {
    handler = newHandler;
    emit();
    return this;
  }

  @Override
  public SlicedBody endHandler(@Nullable Handler<Void> newHandler) {
    endHandler = newHandler;
    return this;
  }

  @Override
  public SlicedBody exceptionHandler(@Nullable Handler<Throwable> ignored) {
    return this;
  }

  @Override
  public SlicedBody pause() {
    demand = 0;
    return this;
  }

  @Override
  public SlicedBody fetch(long amount) {
    demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    emit();
    return this;
  }

  @Override
  public SlicedBody resume() {
    return fetch(Long.MAX_VALUE);
  }

  private void emit() {
    if (emitting) {
      return; // a handler asked for more: the loop below goes on
    }
    emitting = true;
    try {
      while (demand > 0 && handler != null && !ended) {
        emitNext(handler);
      }
    } finally {
      emitting = false;
    }
  }

  private void emitNext(Handler<Buffer> to) {
    while (part < parts.size() && at == parts.get(part).length()) {
      part++;
      at = 0;
    }
    if (part == parts.size()) {
      ended = true;
      if (endHandler != null) {
        endHandler.handle(null);
      }
      return;
    }
    var whole = parts.get(part);
    int end = Math.min(whole.length(), at + SLICE_BYTES);
    var slice = whole.slice(at, end);
    at = end;
    demand = demand == Long.MAX_VALUE ? demand : demand - 1;
    to.handle(slice);
  }
}
