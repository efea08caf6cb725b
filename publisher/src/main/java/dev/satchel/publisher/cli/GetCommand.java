package dev.satchel.publisher.cli;

import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.text.UserJson;
import dev.satchel.publisher.wiring.Blocking;
import dev.satchel.publisher.wiring.PublishedStore;
import dev.satchel.snapshot.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code satchel get}: prints one user's config from a published snapshot. */
@Command(
    name = "get",
    description = Commands.GET,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:found",
      "1:failed; one line says why",
      "2:wrong usage or settings",
      "3:no such user"
    })
final class GetCommand implements Callable<Integer>, SettingOptions.Owner {
  private static final int NO_SUCH_USER = 3;

  private final Invocation invocation;
  private final SettingOptions options = new SettingOptions(List.of(PublisherSettings.KEY));

  @Parameters(paramLabel = "USER_ID", description = "the user's id, as in the database")
  private String userId = "";

  @Option(
      names = "--revision",
      paramLabel = "R",
      description = "an earlier revision, as satchel history lists it; default: the one in use")
  private @Nullable Long revision;

  @Option(names = "--json", description = "changes nothing, since the output is always JSON")
  void json(boolean given) {}

  GetCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public SettingOptions options() {
    return options;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (var store = PublishedStore.open(options.over(invocation.env()))) {
      Snapshot snapshot =
          revision == null
              ? store.trustedSnapshot()
              : Blocking.await(store.history().snapshot(revision));
      int user = find(snapshot);
      if (user == Snapshot.NO_USER) {
        invocation
            .err()
            .println(
                "satchel: no user %s among the %,d users of revision %d"
                    .formatted(userId, snapshot.users(), snapshot.revision()));
        return NO_SUCH_USER;
      }
      byte[] config = new UserJson(snapshot).bytes(user);
      invocation.out().println(new String(config, StandardCharsets.UTF_8));
      return 0;
    }
  }

  /** Finds the user also by an id as char(n) shows it, with blanks that are not published. */
  private int find(Snapshot snapshot) {
    int user = snapshot.find(userId);
    return user == Snapshot.NO_USER ? snapshot.find(userId.stripTrailing()) : user;
  }
}
