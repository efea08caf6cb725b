package dev.satchel.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;

/** A soak that grows is found out; one that only warms up or wobbles is not. */
class FlatnessTest {
  private final ArrayNode sixths = JsonNodeFactory.instance.arrayNode();

  @Test
  void whatOnlyTheFirstSixthTookIsNoGrowth() {
    sixth(500, 900, 400);
    sixth(100, 60, 40);
    sixth(104, 65, 45);

    JsonNode verdict = Flatness.of(sixths);

    assertThat(verdict.get("isFlat").asBoolean()).isTrue();
    assertThat(Flatness.inWords(verdict)).isEqualTo("flat: yes, in all 4 measures");
  }

  @Test
  void growthIsToldWithWhatItWasAndWhatIsAllowed() {
    sixth(100, 60, 40);
    sixth(100, 60, 40);
    sixth(100, 71, 40);

    JsonNode verdict = Flatness.of(sixths);

    assertThat(verdict.get("isFlat").asBoolean()).isFalse();
    assertThat(Flatness.inWords(verdict))
        .isEqualTo("flat: NO, readers fileHandles from 60.0 to 71.0, at most 70.0");
  }

  @Test
  void aLeakInTheHeapIsFoundFromATenthOn() {
    sixth(100, 60, 40);
    sixth(100, 60, 40);
    sixth(119, 60, 40);

    assertThat(Flatness.inWords(Flatness.of(sixths)))
        .isEqualTo("flat: NO, readers heapMib from 100.0 to 119.0, at most 118.0");
  }

  private void sixth(int heapMib, int fileHandles, int threads) {
    var sixth = sixths.addObject();
    sixth
        .putObject("readers")
        .put("heapMib", heapMib)
        .put("fileHandles", fileHandles)
        .put("threads", threads);
    sixth.putObject("lookupNanos").put("p50", 300);
  }
}
