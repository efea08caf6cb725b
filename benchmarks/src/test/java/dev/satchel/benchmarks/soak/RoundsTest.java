package dev.satchel.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class RoundsTest {
  @Test
  void theCheckIsWhatTheDatabaseComputes() {
    // select ('x' || substr(md5(id::text || ':' || 42), 1, 8))::bit(32)::bigint
    UUID id = UUID.fromString("bdd640fb-0667-4ad1-9c80-317fa3b1799d");

    assertThat(Rounds.check(id, 42)).isEqualTo(Long.parseLong("57dcccb4", 16));
  }
}
