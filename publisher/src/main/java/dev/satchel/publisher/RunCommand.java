package dev.satchel.publisher;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code satchel run}: publishes on schedule until told to stop. */
@Command(
    name = "run",
    description = {
      "Publishes on schedule until told to stop.",
      "A run that fails leaves what is published, and the next one goes on."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:stopped by SIGTERM or Ctrl-C", "2:wrong usage or settings"})
final class RunCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

  private final Invocation invocation;
  @Mixin private PublishOptions options = new PublishOptions();

  @Option(
      names = "--schedule",
      paramLabel = "INTERVAL",
      description = "30s, 5m, 1h or PT90S (SATCHEL_SCHEDULE)")
  private @Nullable String schedule;

  RunCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws InterruptedException {
    var env = new HashMap<>(options.over(invocation.env()));
    PublishOptions.putIfGiven(env, PublisherSettings.SCHEDULE, schedule);
    try (var publisher = Publisher.open(invocation.with(env), Progress.NONE)) {
      PublishLoop loop = publisher.loop();
      log.info("every {}", publisher.interval());
      loop.start();
      Invocation.await(invocation.stop());
      Future<Void> stopped = loop.stop();
      Invocation.await(stopped);
      log.info(
          "stopped after {} runs, {} failed, {} refused, {} skipped",
          loop.runs(),
          loop.failures(),
          loop.refusals(),
          loop.skipped());
      return 0;
    }
  }
}
