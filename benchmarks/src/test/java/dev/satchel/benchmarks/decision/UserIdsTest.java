package dev.satchel.benchmarks.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class UserIdsTest {
  private static final int USERS = 500;
  private static final int LOOKUPS_PER_SECOND = 20;
  private static final int TTL_SECONDS = 60;

  @Test
  void aRealCacheHitsAsOftenAsIsComputed() {
    for (UserIds kind : UserIds.values()) {
      String[] asked = kind.draw(USERS, 400_000, 7);
      long[] now = {0};
      Cache<String, Boolean> cache =
          Caffeine.newBuilder()
              .expireAfterWrite(Duration.ofSeconds(TTL_SECONDS))
              .executor(Runnable::run)
              .ticker(() -> now[0])
              .build();
      int hits = 0;
      int warm = asked.length / 10;
      for (int i = 0; i < asked.length; i++) {
        now[0] += Duration.ofSeconds(1).toNanos() / LOOKUPS_PER_SECOND;
        if (cache.getIfPresent(asked[i]) == null) {
          cache.put(asked[i], true);
        } else if (i >= warm) {
          hits++;
        }
      }
      assertThat((double) hits / (asked.length - warm))
          .as(kind.name())
          .isCloseTo(kind.hitRate(USERS, LOOKUPS_PER_SECOND, TTL_SECONDS), within(0.01));
    }
  }

  @Test
  void zipfAsksForTheFirstUserTwiceAsOftenAsForTheSecond() {
    String[] asked = UserIds.ZIPF.draw(USERS, 200_000, 7);
    String[] everybody = UserIds.UNIFORM.draw(USERS, 200_000, 7);
    Map<String, Long> counts = counts(asked);
    long[] most = counts.values().stream().mapToLong(Long::longValue).sorted().toArray();
    assertThat((double) most[most.length - 1] / most[most.length - 2]).isBetween(1.9, 2.1);
    assertThat(counts(everybody)).hasSize(USERS);
    assertThat(UserIds.UNIFORM.draw(USERS, 10, 7)).isEqualTo(Arrays.copyOf(everybody, 10));
  }

  private static Map<String, Long> counts(String[] ids) {
    return Arrays.stream(ids)
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }
}
