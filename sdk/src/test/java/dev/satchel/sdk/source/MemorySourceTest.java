package dev.satchel.sdk.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.testkit.TestSnapshots;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MemorySourceTest {

  @Test
  void letsGoOfClientsThatAreClosed() {
    byte[] value = TestSnapshots.encode(7, Instant.EPOCH, Map.of("alice", Map.of("preview", true)));
    MemorySource source = MemorySource.of(value);
    ConfigClient first = ConfigClient.openBlocking(source, ConfigClientOptions.defaults());
    ConfigClient second = ConfigClient.openBlocking(source, ConfigClientOptions.defaults());
    assertThat(source.clients()).isEqualTo(2);

    first.close();

    assertThat(source.clients()).isEqualTo(1);
    second.close();
  }
}
