package dev.satchel.sdk.testkit;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.ConfigClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an application's own test looks like. */
class TestSourceTest {
  private static final Map<String, Boolean> ON = Map.of("preview", true);
  private static final Map<String, Boolean> OFF = Map.of("preview", false);

  /** Stands for an application: it shows the preview to whom it is switched on for. */
  private record Page(BooleanField preview) {
    String greet(String userId) {
      return preview.get(userId, false) ? "new page" : "old page";
    }
  }

  @Test
  void anApplicationIsTestedAgainstUsersInAMap() throws Exception {
    TestSource source = TestSource.of(Map.of("alice", ON, "bob", OFF));
    ConfigClient client = source.open();
    Page page = new Page(client.booleanField("preview"));

    assertThat(page.greet("alice")).isEqualTo("new page");
    assertThat(page.greet("bob")).isEqualTo("old page");

    source.publish(Map.of("alice", OFF));
    refreshed(client);
    assertThat(page.greet("alice")).isEqualTo("old page");
    close(client);
  }

  @Test
  void anApplicationIsTestedThroughFaultsAndTime() throws Exception {
    TestSource source = TestSource.of(Map.of("alice", ON));
    ConfigClient client =
        ConfigClient.openBlocking(
            source,
            source
                .options()
                .staleAfter(Duration.ofMinutes(2))
                .expireAfter(Duration.ofHours(2))
                .build());

    source.fail("the network is down");
    source.clock().advance(Duration.ofMinutes(3));
    ClientStatus failed = refreshed(client);
    assertThat(failed.state()).isEqualTo(State.STALE);
    assertThat(failed.lastFailure()).contains("the network is down");
    assertThat(client.getBoolean("alice", "preview", false)).isTrue();

    source.clock().advance(Duration.ofHours(3));
    assertThat(client.status().state()).isEqualTo(State.EXPIRED);

    source.heal();
    source.publish(Map.of("alice", OFF));
    source.corrupt();
    assertThat(refreshed(client).lastFailure()).contains("sha256");
    assertThat(client.getBoolean("alice", "preview", false)).isTrue();

    source.heal();
    assertThat(refreshed(client).state()).isEqualTo(State.FRESH);
    assertThat(client.getBoolean("alice", "preview", true)).isFalse();
    close(client);
  }

  @Test
  void aRevisionThatGoesBackIsRefused() throws Exception {
    TestSource source = TestSource.of(Map.of("alice", ON));
    source.publish(Map.of("alice", ON));
    ConfigClient client = source.open();

    source.publish(1, Map.of("alice", OFF));

    assertThat(refreshed(client).lastFailure()).contains("revision");
    assertThat(client.view().revision()).isEqualTo(2);
    close(client);
  }

  @Test
  void valuesAreThoseThatJavaLiteralsMake() throws Exception {
    TestSource source =
        TestSource.of(
            Map.of(
                7,
                Map.of("int", 1, "float", 0.1f, "list", List.of(1, "x"), "map", Map.of("a", 2))));
    ConfigClient client = source.open();

    assertThat(client.config(7).orElseThrow().toString())
        .contains("\"int\":1", "\"float\":0.1", "\"list\":[1,\"x\"]", "\"map\":{\"a\":2}");
    close(client);
  }

  private static ClientStatus refreshed(ConfigClient client) throws Exception {
    return await(client.refreshNow());
  }

  private static void close(ConfigClient client) throws Exception {
    client.close();
  }
}
