package dev.satchel.publisher.http;

import static dev.satchel.publisher.Waiting.await;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.satchel.publisher.Workbench;
import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.kv.CloudflareKv;
import dev.satchel.publisher.kv.RetryPolicy;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.run.Ledger;
import dev.satchel.publisher.run.PublishLoop;
import dev.satchel.publisher.run.Run;
import dev.satchel.publisher.run.RunSettings;
import dev.satchel.publisher.wiring.Assembly;
import dev.satchel.publisher.wiring.Connections;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What {@code satchel run} starts, in this process: a loop that runs when asked, and its port. */
final class OperatedPublisher implements AutoCloseable {
  static final String TOKEN = "the-operators-marked-token";

  private final Connections connections = new Connections();
  private final BlockingQueue<Run> ended = new LinkedBlockingQueue<>();
  final Ledger ledger = new Ledger(Instant.now());
  final PublishLoop loop;
  final HttpPort port;
  final RawHttp http;

  /** Starts it, and waits for the end of the first run. */
  OperatedPublisher(Workbench bench, Map<String, String> more) throws Exception {
    this(bench, more, RetryPolicy.DEFAULT);
  }

  /** Does the same, and asks KV again as this says. */
  OperatedPublisher(Workbench bench, Map<String, String> more, RetryPolicy retries)
      throws Exception {
    var env = new HashMap<>(bench.env());
    env.putAll(
        Map.of(
            "SATCHEL_SCHEDULE", "1h",
            "SATCHEL_HTTP_PORT", "0",
            "SATCHEL_OPERATOR_TOKEN", TOKEN,
            "SATCHEL_READ_BACK", "3s",
            "SATCHEL_MAX_CHANGED", "off",
            "SATCHEL_MAX_USERS_CHANGE", "off"));
    env.putAll(more);
    var problems = new ArrayList<String>();
    var run = RunSettings.fromEnv(env, Instant.now(), problems);
    var settings = PublisherSettings.fromEnv(env, problems);
    var page = HttpSettings.fromEnv(env, problems);
    if (!problems.isEmpty()) {
      throw new AssertionError(problems);
    }
    var kv = CloudflareKv.create(connections.vertx(), bench.kvSettings(), retries);
    connections.onClose(kv::close);
    var publisher =
        Assembly.of(
            connections,
            SharedDatabase.settings(),
            kv,
            "local/" + bench.table,
            settings,
            ledger.stages());
    loop = publisher.loop(run.schedule(), ledger);
    port = publisher.openPort(requireNonNull(page), run, ledger);
    http = RawHttp.at(port.url());
    connections.onClose(loop::stop);
    ledger.follow(ended::add);
    loop.start();
    nextRun();
  }

  /** Runs once more, and gives what became of it. */
  Run run() throws Exception {
    ended.clear();
    loop.ask();
    return nextRun();
  }

  private Run nextRun() throws InterruptedException {
    return requireNonNull(ended.poll(60, SECONDS), "a run ends within 60 s");
  }

  /** The port alone, as a process that ends does it after the loop. */
  void closePort() {
    await(port.close());
  }

  @Override
  public void close() {
    connections.close();
  }
}
