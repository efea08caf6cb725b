package dev.satchel.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class JsonTextTest {
  /** Twelve times one of two pairs that have one hash in Jackson's table of names. */
  private static String collidingName(int number) {
    return IntStream.range(0, 12)
        .mapToObj(bit -> (number >> bit & 1) == 0 ? "ab" : "bA")
        .collect(Collectors.joining());
  }

  @Test
  void oneUsersNamesOfOneHashAreReadLikeAnyOthers() throws IOException {
    String json =
        IntStream.range(0, 4_096)
            .mapToObj(i -> "\"" + collidingName(i) + "\":" + i)
            .collect(Collectors.joining(",", "{", "}"));

    assertThat(JsonText.read(json))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .hasSize(4_096)
        .containsEntry(collidingName(77), 77L);
  }
}
