package dev.satchel.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MillionUsersTest {
  private static final int USERS = 1_000_000;

  @Test
  @Timeout(120)
  void aMillionUsersArePublishedWith256MegabytesOfHeap(@TempDir Path folder) throws Exception {
    try (var bench = Workbench.in(folder)) {
      var env = new HashMap<>(bench.env());
      env.put(
          "SATCHEL_QUERY",
          "SELECT md5(n::text)::uuid AS id, n % 10 = 0 AS preview, 'plan ' || n % 4 AS plan,"
              + " 'user' || n || '@example.com' AS address FROM generate_series(1, "
              + USERS
              + ") AS n");
      env.put("SATCHEL_ALLOW_PERSONAL", "address");
      env.put("SATCHEL_LAYOUT", "both");

      try (var publisher = RunningSatchel.withHeap("256m", env, "publish")) {
        String said = publisher.rest();
        assertThat(publisher.stop()).as(said).isZero();
      }

      assertThat(bench.published().users()).isEqualTo(USERS);
      assertThat(bench.metadata("user-configs@pairs").getLong("revision"))
          .isEqualTo(bench.published().revision());
    }
  }
}
