package dev.satchel.publisher;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.kv.KeyPage;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.ConfigClientOptions.WhenNothing;
import dev.satchel.sdk.ConfigView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A publisher that is killed leaves readers on a whole snapshot, and the next run goes on, also
 * with the pairs.
 */
class PublisherKillTest {
  private static final int ROUNDS = 30;
  private static final int USERS = 1_000;
  private static final String PREFIX = "user:";

  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final CountDownLatch lastIsSeen = new CountDownLatch(2);

  @Test
  @Timeout(400)
  void thirtyKillsAtRandomMomentsLeaveReadersOnWholeRevisionsThatOnlyGrow(@TempDir Path folder)
      throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    var random = new SplittableRandom(seed);
    try (var bench = Workbench.in(folder)) {
      bench.sql("DELETE FROM %s");
      bench.sql(
          "INSERT INTO %s SELECT 'user-' || n, true, '0' FROM generate_series(1, " + USERS + ") n");
      Map<String, String> env = new HashMap<>(bench.env());
      env.put("SATCHEL_LAYOUT", "both");
      env.put("SATCHEL_KEY_PREFIX", PREFIX);
      long begun = System.nanoTime();
      try (var publisher = publish(env)) {
        assertThat(publisher.isEndedWithin(60_000)).isTrue();
      }
      long wholeRunMillis = (System.nanoTime() - begun) / 1_000_000;
      List<ConfigClient> readers = List.of(reader(bench), reader(bench));
      int killed = 0;
      int written = 0;
      long last = bench.published().revision();
      for (int round = 1; round <= ROUNDS; round++) {
        bench.sql("UPDATE %s SET plan = '" + round + "'");
        try (var publisher = publish(env)) {
          if (!publisher.isEndedWithin(random.nextLong(wholeRunMillis * 5 / 4))) {
            publisher.kill();
            killed++;
          }
        }
        long revision = bench.published().revision();
        assertThat(revision).as("seed %d round %d", seed, round).isGreaterThanOrEqualTo(last);
        written += revision > last ? 1 : 0;
        last = revision;
        assertThat(bench.published().users()).as("seed %d round %d", seed, round).isEqualTo(USERS);
      }
      System.out.printf("seed %d: %d of %d killed, %d wrote%n", seed, killed, ROUNDS, written);
      assertThat(killed).as("seed %d", seed).isPositive();

      bench.sql("UPDATE %s SET plan = 'last'");
      assertThat(SatchelRun.with(env).run("publish", "--accept-change")).isZero();

      assertThat(lastIsSeen.await(60, TimeUnit.SECONDS)).as("seed %d", seed).isTrue();
      for (ConfigClient reader : readers) {
        reader.close();
      }
      assertThat(complaints).as("seed %d", seed).isEmpty();
      assertThat(pairs(bench)).as("seed %d", seed).isEqualTo(USERS);
      for (int n = 1; n <= USERS; n += 1 + random.nextInt(20)) {
        assertThat(bench.value(PREFIX + "user-" + n).toString())
            .as("seed %d", seed)
            .isEqualTo("{\"preview\":true,\"plan\":\"last\"}");
      }
    }
  }

  private static int pairs(Workbench bench) {
    int pairs = 0;
    String cursor = null;
    do {
      KeyPage page = await(bench.kv().keys(PREFIX, cursor));
      pairs += page.keys().size();
      cursor = page.cursor();
    } while (cursor != null);
    return pairs;
  }

  private static RunningSatchel publish(Map<String, String> env) throws Exception {
    return RunningSatchel.start(env, "publish", "--accept-change");
  }

  /** A reader that looks at every user of every revision that it is shown. */
  private ConfigClient reader(Workbench bench) {
    ConfigClient reader =
        ConfigClient.openBlocking(
            bench.source(),
            ConfigClientOptions.builder()
                .pollInterval(Duration.ofMillis(20))
                .requestBudget(1_000_000)
                .whenNothing(WhenNothing.FAIL)
                .build());
    var held =
        new Object() {
          long revision = reader.view().revision();
        };
    reader.onChange(
        diff -> {
          ConfigView view = reader.view(); // the revision of the diff or a later one
          if (view.revision() < held.revision) {
            complaints.add(held.revision + " was followed by " + view.revision());
          }
          held.revision = view.revision();
          var plans =
              view.stream().map(user -> user.getString("plan", "none")).collect(Collectors.toSet());
          if (plans.size() != 1 || view.users() != USERS) {
            complaints.add("revision " + view.revision() + " has " + view.users() + " " + plans);
          }
          if (plans.contains("last")) {
            lastIsSeen.countDown();
          }
        });
    return reader;
  }
}
