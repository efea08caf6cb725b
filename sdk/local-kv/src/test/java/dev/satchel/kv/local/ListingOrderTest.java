package dev.satchel.kv.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.RepeatedTest;

/** Random writes and deletes beside a map in byte order, compared page by page. */
class ListingOrderTest extends ServerTest {
  // code points whose order in UTF-8 differs from their order in UTF-16, and prefixes of another
  private static final List<String> PIECES =
      List.of("a", "b", "a/", "%", " ", "é", "\uff5e", "🎒", "\ud7ff", "\ue000", "\u007f", "0");

  @RepeatedTest(5)
  void listsLikeAMapInByteOrder() throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    var random = new Random(seed);
    Map<String, String> model =
        new TreeMap<>(
            Comparator.comparing(
                key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
    for (int round = 0; round < 4; round++) {
      mutate(random, model);
      if (round == 2) {
        restart();
      }
      for (String prefix : List.of("", key(random, 1), key(random, 2))) {
        List<String> expected =
            model.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
        assertThat(pages(prefix, 10 + random.nextInt(40)))
            .as("seed %d, prefix <%s>", seed, prefix)
            .isEqualTo(expected);
      }
    }
    model.forEach(
        (key, value) -> {
          if (random.nextInt(10) == 0) {
            assertThat(rest.get(value(key)).text()).as("seed %d, %s", seed, key).isEqualTo(value);
          }
        });
  }

  private void mutate(Random random, Map<String, String> model) throws Exception {
    List<Object> pairs = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      String key = key(random, 1 + random.nextInt(5));
      String value = Integer.toString(random.nextInt());
      model.put(key, value);
      pairs.add(Map.of("key", key, "value", value));
    }
    rest.put(namespace + "/bulk", Rest.JSON.writeValueAsBytes(pairs)).result();
    List<String> deleted = new ArrayList<>();
    for (String key : model.keySet()) {
      if (random.nextInt(4) == 0) {
        deleted.add(key);
      }
    }
    model.keySet().removeAll(deleted);
    rest.post(namespace + "/bulk/delete", Rest.JSON.writeValueAsString(deleted)).result();
  }

  private static String key(Random random, int pieces) {
    var key = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      key.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return key.toString();
  }

  private List<String> pages(String prefix, int limit) {
    List<String> names = new ArrayList<>();
    String cursor = "";
    do {
      Rest.Reply page =
          rest.get(
              namespace
                  + "/keys?limit="
                  + limit
                  + "&prefix="
                  + Rest.escaped(prefix)
                  + "&cursor="
                  + Rest.escaped(cursor));
      for (JsonNode key : page.result()) {
        names.add(key.get("name").asText());
      }
      assertThat(page.json().at("/result_info/count").asInt()).isEqualTo(page.result().size());
      cursor = page.json().at("/result_info/cursor").asText();
      assertThat(page.result().size()).isEqualTo(cursor.isEmpty() ? page.result().size() : limit);
    } while (!cursor.isEmpty());
    return names;
  }
}
