package dev.satchel.publisher;

import static dev.satchel.publisher.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.publisher.publish.Progress;
import dev.satchel.publisher.publish.Publication;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.source.DatabaseSettings;
import dev.satchel.publisher.text.FailureText;
import dev.satchel.publisher.wiring.Assembly;
import dev.satchel.publisher.wiring.Connections;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.ConfigClientOptions.WhenNothing;
import dev.satchel.sdk.ConfigView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;

/**
 * A publisher that lives on from run to run, and a reader that polls all the time and keeps each
 * snapshot it was shown.
 */
final class WatchedPublisher implements AutoCloseable {

  /** What a reader answered for everybody, and under which revision. */
  record Answers(long revision, Map<String, String> plans) {
    static Answers of(ConfigView view) {
      return new Answers(
          view.revision(),
          view.stream()
              .collect(
                  Collectors.toMap(
                      user -> user.id().toString(), user -> user.getString("plan", "none"))));
    }
  }

  private final Connections connections = new Connections();
  private final CloudflareKv kv;
  private final Publication publication;
  private final ConfigClient reader;
  private final Queue<Answers> seen = new ConcurrentLinkedQueue<>();

  /** Publishes what is there, and lets the reader see it. */
  WatchedPublisher(Workbench bench, DatabaseSettings database, Map<String, String> env) {
    kv = CloudflareKv.create(connections.vertx(), bench.kvSettings(), Workbench.IMPATIENT);
    connections.onClose(kv::close);
    List<String> problems = new ArrayList<>();
    var settings = PublisherSettings.fromEnv(env, problems);
    assertThat(problems).isEmpty();
    publication =
        Assembly.of(connections, database, kv, "tests", settings, Progress.NONE).publication();
    publish();
    reader =
        ConfigClient.openBlocking(
            bench.source(),
            ConfigClientOptions.builder()
                .pollInterval(Duration.ofMillis(20))
                .requestBudget(1_000_000)
                .whenNothing(WhenNothing.FAIL)
                .build());
    reader.onChange(diff -> seen.add(Answers.of(reader.view())));
  }

  void publish() {
    await(publication.publish().map(report -> report));
  }

  /** Runs that fail, one after the other, and what the last of them said. */
  String failures(int runs) {
    String told = "";
    for (int run = 0; run < runs; run++) {
      Throwable failure = Assertions.catchThrowable(this::publish);
      assertThat(failure).as("run %d", run).isNotNull();
      told = FailureText.inWords(failure);
    }
    return told;
  }

  /** What the reader answers after one more look at the store, whether that succeeds or not. */
  Answers answers() {
    reader.refreshBlocking();
    return Answers.of(reader.view());
  }

  /** Every snapshot that the reader has changed to, in its order. */
  List<Answers> changes() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    reader.close();
    connections.close();
  }
}
