package dev.satchel.publisher.cli;

import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.publisher.store.UserHistory;
import dev.satchel.publisher.wiring.Blocking;
import dev.satchel.publisher.wiring.PublishedStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Option(
      names = "--user",
      paramLabel = "USER_ID",
      description =
          "shows only at which revisions this user's values changed, from what to what; fetches"
              + " each copy")
  private @Nullable String userId;

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
      invocation.print(
          userId == null ? new HistoryReport(store.key(), entries) : user(userId, store, entries),
          json.given);
      return 0;
    }
  }

  private static UserHistory user(String userId, PublishedStore store, List<HistoryEntry> entries)
      throws InterruptedException {
    var history = new UserHistory(userId);
    List<HistoryEntry> oldestFirst = new ArrayList<>(entries);
    Collections.reverse(oldestFirst);
    for (HistoryEntry entry : oldestFirst) {
      Blocking.await(store.history().look(history, entry));
    }
    return history;
  }
}
