package dev.satchel.publisher.source;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import org.jspecify.annotations.Nullable;

/**
 * Takes the rows out of what PostgreSQL sends, before the driver would make an object of each row
 * and each value. All other messages go on to the driver, which answers a query with no rows.
 * Confined to the connection's event loop.
 *
 * <p>A message is its type in one byte, the length of what follows in four, which count themselves,
 * and its content (postgresql.org/docs/current/protocol-message-formats.html).
 */
final class RowTap extends ChannelInboundHandlerAdapter {
  private static final String DRIVER = "codec";
  private static final byte DATA_ROW = 'D';
  private static final int HEADER_BYTES = 1 + Integer.BYTES;

  private final byte[] header = new byte[HEADER_BYTES];
  private int headerBytes;
  private int bytesLeft;
  private @Nullable ByteBuf message;
  private RowBatch batch = new RowBatch();

  /** Takes the rows of all queries over this connection from now on. */
  static RowTap of(PgConnection connection) {
    var socket = ((SocketConnectionBase) ((SqlConnectionInternal) connection).unwrap()).socket();
    var tap = new RowTap();
    socket.channelHandlerContext().pipeline().addBefore(DRIVER, "rows", tap);
    return tap;
  }

  /** Returns the rows since the last call, and fills another batch, which is empty, from now on. */
  RowBatch exchange(RowBatch other) {
    RowBatch full = batch;
    batch = other;
    return full;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the driver notices that the connection is closed
  public void channelRead(ChannelHandlerContext context, Object read) {
    ByteBuf in = (ByteBuf) read;
    try {
      while (readHeader(context, in) && readContent(in)) {
        headerBytes = 0;
        ByteBuf whole = message;
        message = null;
        if (whole != null) {
          context.fireChannelRead(whole);
        }
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      context.close(); // what follows would be cut at the wrong places
      throw e;
    } finally {
      in.release();
    }
  }

  /** Returns whether the header of the current message is complete. */
  private boolean readHeader(ChannelHandlerContext context, ByteBuf in) {
    if (headerBytes == HEADER_BYTES) {
      return true;
    }
    int part = Math.min(HEADER_BYTES - headerBytes, in.readableBytes());
    in.readBytes(header, headerBytes, part);
    headerBytes += part;
    if (headerBytes < HEADER_BYTES) {
      return false;
    }
    bytesLeft = RowBatch.intAt(header, 1) - Integer.BYTES;
    if (bytesLeft < 0) {
      throw new CorruptedFrameException(
          "expected a message of at least 4 bytes from PostgreSQL but found " + (bytesLeft + 4));
    }
    if (header[0] == DATA_ROW) {
      batch.begin(bytesLeft);
    } else {
      message = context.alloc().buffer(HEADER_BYTES + bytesLeft).writeBytes(header);
    }
    return true;
  }

  /** Returns whether the content of the current message is complete. */
  private boolean readContent(ByteBuf in) {
    int part = Math.min(bytesLeft, in.readableBytes());
    if (message == null) {
      batch.add(in, part);
    } else {
      message.writeBytes(in, part);
    }
    bytesLeft -= part;
    return bytesLeft == 0;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (message != null) {
      message.release();
      message = null;
    }
  }
}
