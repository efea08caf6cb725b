package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.source.MemorySource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class SwapStressTest {
  private static final int FIRST = 1_000;
  private static final int SWAPS = 400;
  private static final int READERS = 3;
  private static final String[] USERS = {"a", "b", "c", "d", "e", "f", "g", "h"};

  /** Every field of every user says the revision, so that a mixture shows. */
  record Config(long n, String text, List<String> list) {}

  @Test
  void lookupsFromManyThreadsThroughHundredsOfSwapsSeeOnlyWholeRevisions() throws Exception {
    MemorySource source = MemorySource.of(value(FIRST));
    ConfigClient client =
        await(
            ConfigClient.open(
                source,
                ConfigClientOptions.builder()
                    .pollInterval(Duration.ofHours(1))
                    .requestBudget(1_000_000)
                    .build()));
    LongField handle = client.longField("n");
    var wrong = new ConcurrentLinkedQueue<String>();
    var lookups = new AtomicLong();
    var readers = new ArrayList<Thread>();
    for (int r = 0; r < READERS; r++) {
      var reader = new Thread(() -> lookups.addAndGet(read(client, handle, wrong)));
      readers.add(reader);
      reader.start();
    }

    for (int revision = FIRST + 1; revision <= FIRST + SWAPS; revision++) {
      source.put(value(revision));
      assertThat(await(client.refreshNow()).revision()).isEqualTo(revision);
    }
    for (Thread reader : readers) {
      reader.join(20_000);
      assertThat(reader.isAlive()).isFalse();
    }

    assertThat(wrong).isEmpty();
    assertThat(lookups.get()).isGreaterThan(SWAPS);
    client.close();
  }

  /** Looks up until the last revision is seen; gives how often. */
  private static long read(ConfigClient client, LongField handle, Queue<String> wrong) {
    long lookups = 0;
    long last = 0;
    while (last < FIRST + SWAPS && wrong.isEmpty()) {
      ConfigView view = client.view();
      long revision = view.revision();
      for (String user : USERS) {
        var whole = new Config(revision, "r" + revision, List.of("r" + revision));
        if (view.getLong(user, "n", -1) != revision
            || !view.getString(user, "text", "").equals("r" + revision)
            || !view.contains(user, "list", "r" + revision)
            || !view.config(user, Config.class).orElseThrow().equals(whole)) {
          wrong.add("a view of revision %d with %s".formatted(revision, view.config(user)));
        }
        lookups += 4;
      }
      long seen = handle.get("a", -1);
      if (seen < last || seen < revision) {
        wrong.add(
            "a handle that went back from %d to %d".formatted(Math.max(last, revision), seen));
      }
      last = seen;
    }
    return lookups;
  }

  private static byte[] value(long revision) {
    var all = new HashMap<String, Map<String, Object>>();
    for (String user : USERS) {
      all.put(user, Map.of("n", revision, "text", "r" + revision, "list", List.of("r" + revision)));
    }
    return Publication.of(revision, all).value().clone();
  }
}
