package dev.satchel.sdk;

import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An application in fifty lines: it says who gets the preview, and how far that can be trusted. */
public final class FiftyLinesApp implements AutoCloseable {
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledFuture<?> reports;
  private final ConfigClient configs;
  private final BooleanField preview;
  private final Consumer<String> out;
  private String said = "";

  FiftyLinesApp(Map<String, String> env, Consumer<String> out) {
    this.out = out;
    configs = ConfigClient.openBlocking(env); // opens whether the store is up or down
    preview = configs.booleanField("preview_features_enabled");
    reports = timer.scheduleWithFixedDelay(this::report, 0, 20, TimeUnit.MILLISECONDS);
  }

  private void report() {
    ClientStatus status = configs.status();
    String now =
        "%s at revision %d, %s: alice %s"
            .formatted(
                status.state(),
                status.revision(),
                status.isReady() ? "ready" : "not ready",
                preview.get("alice", false) ? "sees the preview" : "does not");
    if (!now.equals(said)) {
      out.accept(now);
      said = now;
    }
  }

  @Override
  public void close() {
    reports.cancel(false);
    timer.shutdown();
    configs.close();
  }

  public static void main(String[] args) {
    var app = new FiftyLinesApp(System.getenv(), System.out::println);
    Runtime.getRuntime().addShutdownHook(new Thread(app::close));
  }
}
