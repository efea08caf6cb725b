package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.satchel.sdk.source.MemorySource;
import dev.satchel.snapshot.Section;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotEncoder;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class RefreshMemoryTest {
  private static final int USERS = 60_000;
  private static final long SLACK_BYTES = 3 << 19;

  @Test
  void aRefreshAllocatesTheValueItsFieldsAndOneOpenedSnapshotAndHardlyMore() {
    byte[][] values = new byte[4][];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(i + 1);
    }
    List<Section> sections = Snapshot.open(values[0]).sections();
    long opened = sections.stream().mapToLong(Section::openedBytes).sum();
    long fields = sections.stream().skip(1).mapToLong(Section::valueBytes).sum();
    MemorySource source = MemorySource.of(values[0]);
    ConfigClient client =
        await(
            ConfigClient.open(
                source, ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).build()));
    client.longField("number");
    client.stringField("text");

    long least = Long.MAX_VALUE;
    for (int i = 1; i < values.length; i++) {
      long before = allocatedByAllThreads();
      source.put(values[i]);
      // put() copies the value into the source, which is not the refresh's
      long own = allocatedByAllThreads() - before;
      assertThat(await(client.refreshNow()).revision()).isEqualTo(i + 1);
      least = Math.min(least, allocatedByAllThreads() - before - Math.min(own, values[i].length));
    }

    // everything that was allocated, garbage included, bounds what was in memory at any moment
    assertThat(least)
        .as("value %d, fields in it %d, opened %d bytes", values[0].length, fields, opened)
        .isGreaterThan(opened)
        .isLessThan(values[0].length + fields + opened + SLACK_BYTES);
    client.close();
  }

  private static long allocatedByAllThreads() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] allocated = threads.getThreadAllocatedBytes(threads.getAllThreadIds());
    return Arrays.stream(allocated).filter(bytes -> bytes > 0).sum();
  }

  private static byte[] value(long revision) {
    var random = new Random(42);
    var encoder = new SnapshotEncoder(List.of("number", "text"));
    for (int i = 0; i < USERS; i++) {
      encoder.add(
          new UUID(random.nextLong(), random.nextLong()),
          new Object[] {random.nextLong(), Long.toHexString(random.nextLong())});
    }
    return encoder.encode(revision, Instant.parse("2026-03-01T12:00:00Z"));
  }
}
