package dev.satchel.publisher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code satchel publish}: publishes once. */
@Command(
    name = "publish",
    description =
        "Publishes once: reads all users, packs and checks them, and writes one value to KV.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:published, or unchanged",
      "1:failed; one line says why, and the published snapshot stays as it was",
      "2:wrong usage or settings",
      "4:nothing published, because a rollback holds the published snapshot; satchel resume ends the hold"
    })
final class PublishCommand implements Callable<Integer> {
  private static final int HELD = 4;

  private final Invocation invocation;
  @Mixin private PublishOptions options = new PublishOptions();
  @Mixin private JsonOption json = new JsonOption();

  PublishCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws InterruptedException {
    Progress progress =
        invocation.terminal() ? new ProgressLine(invocation.err()) : new ProgressLog();
    try (var publisher =
        Publisher.open(invocation.with(options.over(invocation.env())), progress)) {
      invocation.stop().onComplete(stop -> publisher.gate().close());
      Report report = Invocation.await(publisher.publication().publish());
      invocation.print(report, json.given);
      return report.isHeld() ? HELD : 0;
    }
  }
}
