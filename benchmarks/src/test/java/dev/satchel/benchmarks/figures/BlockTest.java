package dev.satchel.benchmarks.figures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BlockTest {
  @Test
  void showsThreeDigitsOrWholeNumbers() {
    assertThat(Block.number(1_234_567.8)).isEqualTo("1,234,568");
    assertThat(Block.number(61.449)).isEqualTo("61.4");
    assertThat(Block.number(1.2345)).isEqualTo("1.23");
    assertThat(Block.number(0.0449)).isEqualTo("0.045");
    assertThat(Block.number(0)).isEqualTo("0");
    assertThat(Block.number(2)).isEqualTo("2");
  }

  @Test
  void saysWhichPartsOfARunWereMeasuredLater() throws IOException {
    String machine =
        """
        {"date": "2026-01-0%dT03:04:05Z", "processor": "a processor", "processors": 2,
         "jdk": "A vendor 17.0.1+2-build", "commit": "%dabcdef0"}""";
    JsonNode run =
        new JsonMapper()
            .readTree(
                "{\"machine\": %s, \"again\": {\"cost\": {\"machine\": %s}}}"
                    .formatted(machine.formatted(2, 0), machine.formatted(3, 1)));

    assertThat(Block.source(run))
        .isEqualTo(
            "\nMeasured 2026-01-02 on a processor, 2 processors, JDK 17.0.1;"
                + " cost again 2026-01-03.\n");
    assertThat(Block.source(run.at("/again/cost"), run)).contains("Measured 2026-01-03");
    assertThat(Block.source(run.at("/again/patches"), run)).contains("Measured 2026-01-02");
  }
}
