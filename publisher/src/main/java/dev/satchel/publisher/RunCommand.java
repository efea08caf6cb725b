package dev.satchel.publisher;

import dev.satchel.publisher.http.HttpPort;
import dev.satchel.publisher.http.Ledger;
import dev.satchel.publisher.http.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
      "Publishes at once and then on schedule until told to stop.",
      "A failed run leaves the published snapshot as it was; the next run tries again."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:stopped by SIGTERM or Ctrl-C",
      "1:could not start, for example because a port is taken",
      "2:wrong usage or settings"
    })
final class RunCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

  private final Invocation invocation;
  @Mixin private PublishOptions options = new PublishOptions();

  @Option(
      names = "--schedule",
      paramLabel = "INTERVAL",
      description = "how often: 30s, 5m, 1h or PT90S (SATCHEL_SCHEDULE)")
  private @Nullable String schedule;

  @Option(
      names = "--cron",
      paramLabel = "EXPRESSION",
      description = "instead of an interval: five fields, \"0 3 * * 1-5\" (SATCHEL_CRON)")
  private @Nullable String cron;

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      description = "time zone of --cron: Europe/Berlin; default UTC (SATCHEL_TIME_ZONE)")
  private @Nullable String timeZone;

  @Option(
      names = "--listen",
      paramLabel = "CHANNEL",
      description = "also publish when PostgreSQL notifies this channel (SATCHEL_LISTEN)")
  private @Nullable String listen;

  @Option(
      names = "--ready-after",
      paramLabel = "AGE",
      description =
          "not ready if the last good run is older; default 3 ticks (SATCHEL_READY_AFTER)")
  private @Nullable String readyAfter;

  @Option(
      names = "--http-port",
      paramLabel = "N",
      description = {
        "serve health, metrics and the operator's page; 0 for any free port; default off",
        "(SATCHEL_HTTP_PORT)"
      })
  private @Nullable String httpPort;

  @Option(
      names = "--http-host",
      paramLabel = "ADDRESS",
      description =
          "address to listen on; default 127.0.0.1, this machine only (SATCHEL_HTTP_HOST)")
  private @Nullable String httpHost;

  RunCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> env = env();
    List<String> problems = new ArrayList<>();
    var settings = RunSettings.fromEnv(env, Instant.now(), problems);
    var ledger = new Ledger(Instant.now());
    var stages = new StageRecorder();
    try (var publisher = Publisher.open(invocation.with(env), stages, problems)) {
      PublishLoop loop = publisher.loop(settings.schedule(), stages, ledger);
      log.info("{}", settings.inWords());
      if (settings.http() != null) {
        HttpPort port = publisher.openPort(settings.http(), settings, ledger);
        log.info("operator's page at {} ({})", port.url(), settings.http());
      }
      loop.start();
      if (settings.channel() != null) {
        publisher.listen(settings.channel(), loop::ask);
      }
      Invocation.await(invocation.stop());
      Invocation.await(loop.stop());
      log.info(
          "stopped after {} published, {} unchanged, {} failed, {} refused, {} skipped",
          ledger.count(Run.Outcome.PUBLISHED),
          ledger.count(Run.Outcome.UNCHANGED),
          ledger.count(Run.Outcome.FAILED),
          ledger.count(Run.Outcome.REFUSED),
          ledger.skipped());
      return 0;
    }
  }

  private Map<String, String> env() {
    var env = new HashMap<>(options.over(invocation.env()));
    if (schedule == null && cron != null) {
      env.remove(
          RunSettings.SCHEDULE); // an option also takes precedence over the other one's variable
    }
    if (cron == null && schedule != null) {
      env.remove(RunSettings.CRON);
    }
    PublishOptions.putIfGiven(env, RunSettings.SCHEDULE, schedule);
    PublishOptions.putIfGiven(env, RunSettings.CRON, cron);
    PublishOptions.putIfGiven(env, RunSettings.TIME_ZONE, timeZone);
    PublishOptions.putIfGiven(env, RunSettings.LISTEN, listen);
    PublishOptions.putIfGiven(env, RunSettings.READY_AFTER, readyAfter);
    PublishOptions.putIfGiven(env, RunSettings.HTTP_PORT, httpPort);
    PublishOptions.putIfGiven(env, RunSettings.HTTP_HOST, httpHost);
    return env;
  }
}
