package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.kv.MemoryKv;
import dev.satchel.sdk.testkit.TestSource;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a client logs of its state. Other clients may log meanwhile, so each has a name. */
final class ClientLogTest {
  @Test
  void saysALineWhenTheReasonChangesButNotForEachNumberInIt() {
    TestSource source = TestSource.empty();
    source.fail("connection refused after 12 ms");
    try (var log = LoggedLines.open()) {
      ConfigClient client = source.open();
      source.fail("connection refused after 3456 ms");
      client.refreshBlocking();
      for (int i = 0; i < 3; i++) {
        source.fail("status 401, check the token");
        client.refreshBlocking();
      }
      source.fail("status 403 within the same minute");
      client.refreshBlocking();

      assertThat(log.containing("the test source"))
          .containsExactly(
              "WARN the test source: no snapshot yet: connection refused after 12 ms",
              "WARN the test source: still EMPTY, now because: status 401, check the token");
      client.close();
    }
  }

  @Test
  void saysOneLineForEachChangeOfStateAndNotForEachAttempt() {
    String key = "of states";
    Instant now = Instant.parse("2026-03-01T13:00:00Z");
    MemoryKv kv = new MemoryKv();
    Publication.ofFlag(7, "alice", true).putTo(kv, key);
    var options =
        ConfigClientOptions.builder()
            .key(key)
            .pollInterval(Duration.ofHours(1))
            .clock(() -> now)
            .build();
    try (var log = LoggedLines.open();
        ConfigClient client = await(Waiting.opening(kv, options))) {
      kv.set(MemoryKv.Mode.REFUSING);
      for (int i = 0; i < 5; i++) {
        await(client.refreshNow());
      }
      kv.set(MemoryKv.Mode.SOUND);
      for (int i = 0; i < 5; i++) {
        await(client.refreshNow());
      }

      assertThat(log.containing("key 'of states'"))
          .containsExactly(
              "INFO key 'of states': now FRESH at revision 7 with 1 users",
              "WARN key 'of states': now STALE, still serving revision 7: expected status 200"
                  + " but found 503",
              "INFO key 'of states': now FRESH at revision 7 with 1 users");
    }
  }
}
