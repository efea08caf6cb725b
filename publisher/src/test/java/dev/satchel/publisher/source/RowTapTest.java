package dev.satchel.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RowTapTest {
  private final RowTap tap = new RowTap();
  private final EmbeddedChannel channel = new EmbeddedChannel(tap);

  @RepeatedTest(20)
  void rowsAreTakenAndOtherMessagesGoOnHoweverTheBytesAreCut() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    ByteBuf sent = Unpooled.buffer();
    ByteBuf rows = Unpooled.buffer();
    List<String> others = new ArrayList<>();
    int count = 0;
    for (int i = 0; i < 200; i++) {
      byte[] content =
          new byte[random.nextInt(10) == 0 ? random.nextInt(400_000) : random.nextInt(20)];
      random.nextBytes(content);
      boolean isRow = random.nextBoolean();
      ByteBuf message = message(isRow ? 'D' : 'C', content);
      if (isRow) {
        rows.writeBytes(content);
        count++;
      } else {
        others.add(ByteBufUtil.hexDump(message));
      }
      sent.writeBytes(message);
    }

    while (sent.isReadable()) {
      int most = random.nextInt(9) == 0 ? 7 : 70_000;
      channel.writeInbound(
          sent.readRetainedSlice(Math.min(sent.readableBytes(), 1 + random.nextInt(most))));
    }

    RowBatch batch = tap.exchange(new RowBatch());
    assertThat(batch.rows()).as("seed %d", seed).isEqualTo(count);
    assertThat(bytesOf(batch)).as("seed %d", seed).isEqualTo(ByteBufUtil.getBytes(rows));
    batch.clear();
    assertThat(batch.chunks()).isEmpty();
    for (String other : others) {
      ByteBuf read = channel.readInbound();
      assertThat(ByteBufUtil.hexDump(read)).as("seed %d", seed).isEqualTo(other);
      read.release();
    }
    assertThat(channel.<Object>readInbound()).isNull();
  }

  @Test
  void aBatchHasTheRowsSinceTheOneBefore() {
    channel.writeInbound(message('D', "one".getBytes(StandardCharsets.UTF_8)));
    RowBatch first = tap.exchange(new RowBatch());
    channel.writeInbound(message('D', "second".getBytes(StandardCharsets.UTF_8)));

    assertThat(first.bytes()).isEqualTo(3);
    assertThat(tap.exchange(first).bytes()).isEqualTo(6);
  }

  private static byte[] bytesOf(RowBatch batch) {
    ByteBuf all = Unpooled.buffer();
    batch.chunks().forEach(chunk -> all.writeBytes(chunk.bytes, 0, chunk.length()));
    return ByteBufUtil.getBytes(all);
  }

  private static ByteBuf message(char type, byte[] content) {
    return Unpooled.buffer().writeByte(type).writeInt(4 + content.length).writeBytes(content);
  }
}
