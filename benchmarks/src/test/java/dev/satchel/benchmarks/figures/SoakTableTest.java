package dev.satchel.benchmarks.figures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class SoakTableTest {
  @Test
  void showsTheFirstTheSecondAndTheLastSixth() throws Exception {
    String sixths =
        "{'lookupNanos': {'p50': 400}}, {'lookupNanos': {'p50': 300}}, {'lookupNanos': {'p50': 1}},"
            + " {'lookupNanos': {'p50': 310}}";
    var run =
        new JsonMapper()
            .readTree(
                """
                {'minutes': 60, 'faultsTried': 1234, 'sixths': [%s], 'violations': {'mixed': 0},
                 'machine': {'date': '2026-01-02T03:04:05Z', 'processor': 'a processor',
                  'processors': 2, 'jdk': 'A vendor 17.0.1+2', 'commit': '0123456789abcdef'}}
                """
                    .formatted(sixths)
                    .replace('\'', '"'));

    assertThat(SoakTable.of(run))
        .startsWith("| 60 minutes with 1,234 faults | first sixth | second | last |\n")
        .contains("| lookup, median, ns | 400 | 300 | 310 |\n", "readers saw: 0.\n")
        .endsWith("JDK 17.0.1.\n");
  }
}
