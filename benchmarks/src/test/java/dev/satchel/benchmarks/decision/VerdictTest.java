package dev.satchel.benchmarks.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final String MEASURED =
      """
      {"read": [
        {"path": "snapshot", "users": 1000, "delayMillis": 0, "perSecond1": 10000000},
        {"path": "per_key", "users": 1000, "delayMillis": 10, "nanos": {"p50": 12000000}}],
       "refresh": [{"users": 1000, "millis": 240, "bytes": 20000}],
       "patches": [
        {"changed": 100, "patch": {"millis": 90, "bytes": 9000}},
        {"changed": 10, "patch": {"millis": 18, "bytes": 1600}}],
       "publish": [
        {"layout": "snapshot", "change": "ten", "users": 1000, "seconds": 2, "kvWrites": 2},
        {"layout": "per-key", "change": "all", "users": 1000, "seconds": 3, "kvWrites": 1000,
         "valueBytes": 160000},
        {"layout": "per-key, only the changed", "change": "ten", "users": 1000, "seconds": 0.01}],
       "cost": []}
      """;

  @Test
  void findsWhereReadingPairsCostsLess() throws IOException {
    JsonNode numbers = verdict().get("numbers");
    assertThat(numbers.get("snapshotLookupNanos").asDouble()).isCloseTo(100, within(1e-6));
    assertThat(numbers.get("timesFasterLookup").asDouble()).isCloseTo(120_000, within(1e-6));
    // 240 ms for a refresh, 12 ms for each pair; 20,000 bytes, 160 for each
    assertThat(numbers.get("lookupsThatPayForARefreshInTime").asDouble())
        .isCloseTo(20, within(1e-6));
    assertThat(numbers.get("lookupsThatPayForARefreshInBytes").asDouble())
        .isCloseTo(125, within(1e-6));
    // by the patch of ten changed users: 18 ms and 1,600 bytes
    assertThat(numbers.get("lookupsThatPayForAPatchInTime").asDouble())
        .isCloseTo(1.5, within(1e-6));
    assertThat(numbers.get("lookupsThatPayForAPatchInBytes").asDouble())
        .isCloseTo(10, within(1e-6));
    assertThat(numbers.get("tutorialUsersThatFit").asDouble())
        .isCloseTo(26_214_400 / numbers.get("tutorialBytesPerUser").asDouble(), within(1e-6));
  }

  @Test
  void saysItInSentences() throws IOException {
    assertThat(Verdict.text(verdict()))
        .contains(
            "fewer than 20 lookups between two changes",
            "fewer than 125 moves fewer bytes",
            "a patch brings these to 2 and 10 lookups",
            "and 3 writes as a snapshot",
            "only when fewer than 3 users changed",
            "read 4 pairs a second",
            "200 readers can poll",
            "200 times as soon",
            "cost $3.00 a month as a snapshot, $5.00 as pairs written whole");
  }

  private static ObjectNode verdict() throws IOException {
    ObjectNode report = (ObjectNode) new JsonMapper().readTree(MEASURED);
    ArrayNode cost = (ArrayNode) report.get("cost");
    int dollars = 3;
    for (Workload.Layout layout : Workload.Layout.values()) {
      for (int seconds : new int[] {3_600, 60}) {
        cost.addObject()
            .put("layout", layout.name().toLowerCase(Locale.ROOT))
            .put("users", 1_000_000)
            .put("readers", 100)
            .put("publishedEverySeconds", seconds)
            .put("dollarsPerMonth", dollars);
      }
      dollars++;
    }
    return Verdict.of(report);
  }
}
