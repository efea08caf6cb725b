package dev.satchel.publisher.nginx;

import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.RefreshReport;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A program with as many clients as its argument says, which answers each line on standard input
 * with one about all of them: lowest and highest revision, attempts, failed ones, and how often a
 * client was anything but FRESH. Ends with standard input.
 */
final class ManyClients {
  private final List<ConfigClient> clients = new ArrayList<>();
  private final AtomicLong attempts = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong staleStates = new AtomicLong();

  private ManyClients() {}

  public static void main(String[] arguments) throws Exception {
    var all = new ManyClients();
    all.open(Integer.parseInt(arguments[0]));
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    do {
      System.out.println(all.line());
    } while (in.readLine() != null);
    System.exit(0); // without waiting for a thousand threads
  }

  private void open(int count) {
    List<CompletionStage<ConfigClient>> opening = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      opening.add(ConfigClient.open(System.getenv()));
    }
    for (CompletionStage<ConfigClient> stage : opening) {
      ConfigClient client = stage.toCompletableFuture().join();
      client.onRefresh(this::attempted);
      client.onStatus(this::changed);
      clients.add(client);
    }
  }

  private void attempted(RefreshReport report) {
    attempts.incrementAndGet();
    if (report.outcome() == RefreshReport.Outcome.FAILED) {
      failures.incrementAndGet();
    }
  }

  private void changed(ClientStatus status) {
    if (status.state() != ClientStatus.State.FRESH) {
      staleStates.incrementAndGet();
    }
  }

  private String line() {
    var revisions =
        clients.stream().mapToLong(client -> client.status().revision()).summaryStatistics();
    return "%d %d %d %d %d"
        .formatted(
            revisions.getMin(),
            revisions.getMax(),
            attempts.get(),
            failures.get(),
            staleStates.get());
  }
}
