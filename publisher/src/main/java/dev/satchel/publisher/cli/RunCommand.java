package dev.satchel.publisher.cli;

import dev.satchel.publisher.http.HttpPort;
import dev.satchel.publisher.http.HttpSettings;
import dev.satchel.publisher.run.Ledger;
import dev.satchel.publisher.run.PublishLoop;
import dev.satchel.publisher.run.Run;
import dev.satchel.publisher.run.RunSettings;
import dev.satchel.publisher.run.StageRecorder;
import dev.satchel.publisher.wiring.Assembly;
import dev.satchel.publisher.wiring.Blocking;
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
      "A run that fails leaves what is published, and the next one goes on."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:stopped by SIGTERM or Ctrl-C",
      "1:could not begin, such as on a port that is taken",
      "2:wrong usage or settings"
    })
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  private final Invocation invocation;
  @Mixin private PublishOptions options = new PublishOptions();

  @Option(
      names = "--schedule",
      paramLabel = "INTERVAL",
      description = "30s, 5m, 1h or PT90S (SATCHEL_SCHEDULE)")
  private @Nullable String schedule;

  @Option(
      names = "--cron",
      paramLabel = "EXPRESSION",
      description = "in place of an interval: five fields, \"0 3 * * 1-5\" (SATCHEL_CRON)")
  private @Nullable String cron;

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      description = "of --cron: Europe/Berlin; default UTC (SATCHEL_TIME_ZONE)")
  private @Nullable String timeZone;

  @Option(
      names = "--listen",
      paramLabel = "CHANNEL",
      description = "also publish when PostgreSQL notifies this channel (SATCHEL_LISTEN)")
  private @Nullable String listen;

  @Option(
      names = "--ready-after",
      paramLabel = "AGE",
      description = "of the last good run, to be not ready; default 3 ticks (SATCHEL_READY_AFTER)")
  private @Nullable String readyAfter;

  @Option(
      names = "--http-port",
      paramLabel = "N",
      description = {
        "serve health, metrics and the operator's page, 0 on any free port; default off",
        "(SATCHEL_HTTP_PORT)"
      })
  private @Nullable String httpPort;

  @Option(
      names = "--http-host",
      paramLabel = "ADDRESS",
      description = "to listen on; default 127.0.0.1, this machine only (SATCHEL_HTTP_HOST)")
  private @Nullable String httpHost;

  RunCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> env = env();
    List<String> problems = new ArrayList<>();
    var settings = RunSettings.fromEnv(env, Instant.now(), problems);
    var http = HttpSettings.fromEnv(env, problems);
    var ledger = new Ledger(Instant.now());
    var stages = new StageRecorder();
    try (var publisher = Assembly.open(env, options.acceptChange(), stages, problems)) {
      PublishLoop loop = publisher.loop(settings.schedule(), stages, ledger);
      LOG.info("{}", settings.inWords());
      if (http != null) {
        HttpPort port = publisher.openPort(http, settings, ledger);
        LOG.info("operator's page at {} ({})", port.url(), http);
      }
      loop.start();
      if (settings.channel() != null) {
        publisher.listen(settings.channel(), loop::ask);
      }
      Blocking.await(invocation.stop());
      Blocking.await(loop.stop());
      LOG.info(
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
      env.remove(RunSettings.SCHEDULE); // an option wins over the other's variable, too
    }
    if (cron == null && schedule != null) {
      env.remove(RunSettings.CRON);
    }
    PublishOptions.putIfGiven(env, RunSettings.SCHEDULE, schedule);
    PublishOptions.putIfGiven(env, RunSettings.CRON, cron);
    PublishOptions.putIfGiven(env, RunSettings.TIME_ZONE, timeZone);
    PublishOptions.putIfGiven(env, RunSettings.LISTEN, listen);
    PublishOptions.putIfGiven(env, RunSettings.READY_AFTER, readyAfter);
    PublishOptions.putIfGiven(env, HttpSettings.PORT, httpPort);
    PublishOptions.putIfGiven(env, HttpSettings.HOST, httpHost);
    return env;
  }
}
