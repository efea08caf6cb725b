package dev.satchel.publisher.cli;

import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.wiring.Blocking;
import dev.satchel.publisher.wiring.PublishedStore;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code satchel history}: lists the published revisions. */
@Command(
    name = "history",
    description = {
      Commands.HISTORY,
      "Changes are counted against the revision that was in use before."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:listed, even if there are none",
      "1:failed; one line says why",
      "2:wrong usage or settings"
    })
final class HistoryCommand implements Callable<Integer>, SettingOptions.Owner {
  private final Invocation invocation;
  private final SettingOptions options = new SettingOptions(List.of(PublisherSettings.KEY));
  @Mixin private JsonOption json = new JsonOption();

  HistoryCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public SettingOptions options() {
    return options;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (var store = PublishedStore.open(options.over(invocation.env()))) {
      var entries = Blocking.await(store.history().list());
      invocation.print(new HistoryReport(store.key(), entries), json.given);
      return 0;
    }
  }
}
