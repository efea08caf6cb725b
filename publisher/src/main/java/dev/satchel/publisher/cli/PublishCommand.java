package dev.satchel.publisher.cli;

import dev.satchel.publisher.publish.Outcome;
import dev.satchel.publisher.publish.Progress;
import dev.satchel.publisher.wiring.Assembly;
import dev.satchel.publisher.wiring.Blocking;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code satchel publish}: publishes once. */
@Command(
    name = "publish",
    description = Commands.PUBLISH,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:published, or unchanged",
      "1:failed; one line says why, and the published snapshot stays as it was",
      "2:wrong usage or settings",
      "4:nothing published, because a rollback holds the published snapshot; satchel resume ends the hold"
    })
final class PublishCommand implements Callable<Integer>, SettingOptions.Owner {
  private static final int HELD = 4;

  private final Invocation invocation;
  private final SettingOptions options = new SettingOptions(Settings.PUBLISH);
  @Mixin private AcceptOption acceptChange = new AcceptOption();
  @Mixin private JsonOption json = new JsonOption();

  PublishCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public SettingOptions options() {
    return options;
  }

  @Override
  public Integer call() throws InterruptedException {
    Progress progress =
        invocation.showsProgress() ? new ProgressLine(invocation.err()) : new ProgressLog();
    try (var publisher =
        Assembly.open(options.over(invocation.env()), acceptChange.given, progress, List.of())) {
      Settings.mistyped(invocation.env()).forEach(log()::warn);
      invocation.stop().onComplete(stop -> publisher.gate().close());
      Outcome outcome = Blocking.await(publisher.publication().publish());
      invocation.print(outcome, json.given);
      // a person has just read it
      Level level = LogSettings.isJson(invocation.env()) ? Level.INFO : Level.DEBUG;
      outcome.logTo(log().atLevel(level));
      return outcome.isHeld() ? HELD : 0;
    }
  }

  /** Returns the log, which is not opened for a command's help. */
  private static Logger log() {
    return LoggerFactory.getLogger(PublishCommand.class);
  }
}
