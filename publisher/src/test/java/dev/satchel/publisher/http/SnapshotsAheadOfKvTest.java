package dev.satchel.publisher.http;

import static dev.satchel.publisher.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.run.Run;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.source.HttpSource;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What applications get from the port of a publisher that cannot reach KV. */
@Timeout(60)
class SnapshotsAheadOfKvTest {
  private static final String KEY = "user-configs";
  private static final String TOKEN = "the-readers-marked-token";

  private final Workbench bench;
  private OperatedPublisher publisher;
  private ConfigClient client;
  private final List<Long> revisions = new CopyOnWriteArrayList<>();

  SnapshotsAheadOfKvTest(@TempDir Path folder) {
    bench = Workbench.in(folder);
  }

  @BeforeEach
  void start() throws Exception {
    publisher = publisher(Map.of());
    client =
        ConfigClient.openBlocking(
            HttpSource.of(
                    URI.create(publisher.port.url()).resolve("/snapshots/" + KEY),
                    Map.of("Authorization", "Bearer " + TOKEN))
                .waiting(Duration.ofSeconds(30)),
            ConfigClientOptions.builder().pollInterval(Duration.ofSeconds(1)).build());
    client.onChange(diff -> revisions.add(client.view().revision()));
  }

  @AfterEach
  void close() {
    client.close();
    publisher.close();
    bench.close();
  }

  private OperatedPublisher publisher(Map<String, String> more) throws Exception {
    var env = new HashMap<>(more);
    env.put("SATCHEL_SNAPSHOTS_TOKEN", TOKEN);
    return new OperatedPublisher(bench, env, Workbench.IMPATIENT);
  }

  private JsonObject shown() {
    return bench.metadata(KEY);
  }

  private void stopKv() {
    bench.faults().next(Integer.MAX_VALUE, "GET", ".*").answers(503);
    bench.faults().next(Integer.MAX_VALUE, "PUT", ".*").answers(503);
  }

  /** KV answers nobody any more, and the publisher has something to publish. */
  private void changeWithoutKv(String sql) {
    stopKv();
    bench.sql(sql);
    publisher.loop.ask();
  }

  @Test
  void aChangeIsInEveryApplicationWhileKvIsDownAndInKvWhenItIsBack() {
    long before = shown().getLong("revision");
    changeWithoutKv("UPDATE %s SET plan = 'team' WHERE id = 'bob'");

    until("the change is there", () -> client.getString("bob", "plan", "").equals("team"));
    long ahead = client.view().revision();
    assertThat(ahead).isGreaterThan(before);
    assertThat(client.status().state()).isEqualTo(State.FRESH);

    bench.faults().clear();
    until("KV has it", () -> shown().getLong("revision") > before);
    assertThat(shown().getLong("revision")).isGreaterThan(ahead);
    until("so have the applications", () -> client.view().revision() > ahead);
    assertThat(client.getString("bob", "plan", "")).isEqualTo("team");
    assertThat(revisions).isSorted();
  }

  @Test
  void aChangeThatKvReadsButDoesNotTakeIsInEveryApplicationToo() throws Exception {
    bench.faults().next(Integer.MAX_VALUE, "PUT", ".*").answers(503);
    bench.sql("UPDATE %s SET plan = 'team' WHERE id = 'bob'");
    assertThat(publisher.run().outcome()).isEqualTo(Run.Outcome.FAILED);

    until("the change is there", () -> client.getString("bob", "plan", "").equals("team"));
    assertThat(shown().getLong("revision")).isLessThan(client.view().revision());
  }

  @Test
  void applicationsAreNotLeftWithAChangeThatWasTakenBackBeforeKvHadIt() throws Exception {
    changeWithoutKv("UPDATE %s SET plan = 'team' WHERE id = 'bob'");
    until("the change is there", () -> client.getString("bob", "plan", "").equals("team"));
    long ahead = client.view().revision();
    publisher.close();

    bench.faults().clear();
    assertThat(shown().getLong("revision")).isLessThan(ahead);
    bench.sql("UPDATE %s SET plan = 'free' WHERE id = 'bob'");
    publisher = publisher(Map.of()); // which finds in KV what the database says

    assertThat(shown().getLong("revision")).isGreaterThan(ahead);
    assertThat(bench.published().revision()).isEqualTo(shown().getLong("revision"));
  }

  @Test
  void whatIsHeldIsPublishedAboveWhatApplicationsMayHaveAndStaysHeld() throws Exception {
    long first = shown().getLong("revision");
    bench.sql("UPDATE %s SET plan = 'team' WHERE id = 'bob'");
    long second = publisher.run().revision();
    var done =
        publisher.http.post(
            "/rollback",
            Map.of(
                "revision", Long.toString(first),
                "from", Long.toString(second),
                "token", OperatedPublisher.TOKEN),
            Map.of("Origin", "", "Sec-Fetch-Site", ""));
    assertThat(done.status()).isEqualTo(303);
    JsonObject held = shown();
    publisher.close();

    publisher = publisher(Map.of());

    assertThat(shown().getLong("revision")).isGreaterThan(held.getLong("revision"));
    assertThat(shown().getJsonObject("hold")).isEqualTo(held.getJsonObject("hold"));
    assertThat(shown().getLong("rolledBackTo")).isEqualTo(first);
    assertThat(shown().getString("contentHash")).isEqualTo(held.getString("contentHash"));
    JsonObject again = shown();
    publisher.run();
    assertThat(shown()).isEqualTo(again);

    changeWithoutKv("UPDATE %s SET plan = 'pro' WHERE id = 'bob'");
    bench.faults().clear();
    publisher.run();
    assertThat(shown()).isEqualTo(again);
  }

  @Test
  void guardsHoldForWhatKvDoesNotHave() throws Exception {
    bench.sql("INSERT INTO %s SELECT 'user' || n, true, 'pro' FROM generate_series(1, 500) n");
    publisher.close();
    publisher = publisher(Map.of("SATCHEL_MAX_USERS_CHANGE", "20"));
    client.close();
    client =
        ConfigClient.openBlocking(
            HttpSource.of(
                URI.create(publisher.port.url()).resolve("/snapshots/" + KEY),
                Map.of("Authorization", "Bearer " + TOKEN)),
            ConfigClientOptions.builder().pollInterval(Duration.ofMillis(100)).build());
    stopKv();
    bench.sql("DELETE FROM %s WHERE id <> 'bob'");
    publisher.run(); // to its end: KV has refused all attempts

    assertThat(client.refreshBlocking().users()).isEqualTo(503);
  }
}
