package dev.satchel.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KnownValuesTest {
  @Test
  void equalBytesGiveOneObjectAndOneNumberAndNoOtherBytesHaveIt() {
    var known = new KnownValues(8);
    Map<String, Object> values = new HashMap<>();
    Map<Integer, String> numbers = new HashMap<>();
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      String text = "value " + random.nextInt(9_000);
      Object found = look(known, text);
      if (known.number() >= 0) {
        assertThat(found).as("seed %d", seed).isSameAs(values.computeIfAbsent(text, t -> found));
        assertThat(numbers.putIfAbsent(known.number(), text)).isIn(null, text);
      }
    }
    assertThat(values).hasSizeGreaterThan(8_000);
  }

  @Test
  void valuesThatDoNotRepeatAreNotKept() {
    var known = new KnownValues(8);
    for (int i = 0; i < 100_000; i++) {
      look(known, "value " + i);
    }

    assertThat(look(known, "value 1")).isNotSameAs(look(known, "value 1"));
    assertThat(known.number()).isEqualTo(-1);
  }

  @Test
  void longValuesAreNotKept() {
    var known = new KnownValues(1);
    String text = "long ".repeat(100);

    assertThat(look(known, text)).isNotSameAs(look(known, text));
    assertThat(known.number()).isEqualTo(-1);
  }

  /** Returns the value of a text as the publisher finds it. */
  private static Object look(KnownValues known, String text) {
    byte[] bytes = ("before" + text + "after").getBytes(StandardCharsets.UTF_8);
    Object value = known.get(bytes, 6, text.length());
    if (value == null) {
      value = new Object();
      known.add(bytes, 6, text.length(), value);
    }
    return value;
  }
}
