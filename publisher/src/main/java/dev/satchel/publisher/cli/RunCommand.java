package dev.satchel.publisher.cli;

import dev.satchel.publisher.http.HttpPort;
import dev.satchel.publisher.http.HttpSettings;
import dev.satchel.publisher.run.Ledger;
import dev.satchel.publisher.run.PublishLoop;
import dev.satchel.publisher.run.Run;
import dev.satchel.publisher.run.RunSettings;
import dev.satchel.publisher.wiring.Assembly;
import dev.satchel.publisher.wiring.Blocking;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code satchel run}: publishes on schedule until told to stop. */
@Command(
    name = "run",
    description = {
      Commands.RUN,
      "A run that fails leaves what is published, and the next one goes on."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:stopped by SIGTERM or Ctrl-C",
      "1:could not begin, such as on a port that is taken",
      "2:wrong usage or settings"
    })
final class RunCommand implements Callable<Integer>, SettingOptions.Owner {
  private final Invocation invocation;
  private final SettingOptions options = new SettingOptions(Settings.publishAndRun());
  @Mixin private AcceptOption acceptChange = new AcceptOption();

  RunCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public SettingOptions options() {
    return options;
  }

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> env = env();
    List<String> problems = new ArrayList<>();
    var settings = RunSettings.fromEnv(env, Instant.now(), problems);
    var http = HttpSettings.fromEnv(env, problems);
    var ledger = new Ledger(Instant.now());
    try (var publisher = Assembly.open(env, acceptChange.given, ledger.stages(), problems)) {
      PublishLoop loop = publisher.loop(settings.schedule(), ledger);
      Settings.mistyped(invocation.env()).forEach(log()::warn);
      log().info("{}", settings.inWords());
      if (http != null) {
        HttpPort port = publisher.openPort(http, settings, ledger);
        log().info("operator's page at {} ({})", port.url(), http);
      }
      loop.start();
      if (settings.channel() != null) {
        publisher.listen(settings.channel(), loop::ask);
      }
      Blocking.await(invocation.stop());
      Blocking.await(loop.stop());
      log()
          .info(
              "stopped after {} published, {} unchanged, {} failed, {} refused, {} skipped",
              ledger.count(Run.Outcome.PUBLISHED),
              ledger.count(Run.Outcome.UNCHANGED),
              ledger.count(Run.Outcome.FAILED),
              ledger.count(Run.Outcome.REFUSED),
              ledger.skipped());
      return 0;
    }
  }

  /**
   * Returns the variables with the options over them. Of schedule and cron, an option beats both.
   */
  private Map<String, String> env() {
    var env = new HashMap<>(options.over(invocation.env()));
    boolean hasSchedule = options.have(RunSettings.SCHEDULE);
    boolean hasCron = options.have(RunSettings.CRON);
    if (hasCron && !hasSchedule) {
      env.remove(RunSettings.SCHEDULE.variable());
    } else if (hasSchedule && !hasCron) {
      env.remove(RunSettings.CRON.variable());
    }
    return env;
  }

  /** Returns the log, which is not opened for a command's help. */
  private static Logger log() {
    return LoggerFactory.getLogger(RunCommand.class);
  }
}
