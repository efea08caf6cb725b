package dev.satchel.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GcLogTest {
  @Test
  void countsPausesAndKeepsTheHeapAfterTheLatest() {
    GcLog log = new GcLog(Path.of("gc.log"));

    log.take(
        """
        [0.004s][info][gc] Using G1
        [1.000s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 24M->4M(256M) 2.500ms
        [1.500s][info][gc] GC(1) Concurrent Mark Cycle 12.000ms
        [2.000s][info][gc] GC(2) Pause Full (System.gc()) 30M->3""");
    assertThat(log.heapAfterMib()).isEqualTo(4);
    log.take("M(256M) 20.000ms\n");

    assertThat(log.pauses()).isEqualTo(2);
    assertThat(log.millis()).isEqualTo(22.5);
    assertThat(log.heapAfterMib()).isEqualTo(3);
    assertThat(log.takeLeastHeapAfterMib()).isEqualTo(3);
    log.take("[3.000s][info][gc] GC(3) Pause Young (Normal) 30M->7M(256M) 1.000ms\n");
    assertThat(log.takeLeastHeapAfterMib()).isEqualTo(7);
  }
}
