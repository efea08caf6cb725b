package dev.satchel.publisher.cli;

import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.store.History;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.wiring.Blocking;
import dev.satchel.publisher.wiring.PublishedStore;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotDiff;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code satchel diff}: shows what differs between two revisions. */
@Command(
    name = "diff",
    description = Commands.DIFF,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:compared, whether they differ or not",
      "1:failed; one line says why",
      "2:wrong usage or settings"
    })
final class DiffCommand implements Callable<Integer>, SettingOptions.Owner {
  private final Invocation invocation;
  private final SettingOptions options = new SettingOptions(List.of(PublisherSettings.KEY));
  @Mixin private JsonOption json = new JsonOption();

  @Parameters(index = "0", paramLabel = "A", description = "the earlier revision")
  private long from;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "B",
      description = "the later revision; default: the one in use")
  private @Nullable Long to;

  @Option(names = "--users", description = "also name the users, and the fields that changed")
  private boolean users;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000",
      description = "name at most N users; default ${DEFAULT-VALUE}")
  private int limit;

  @Spec private CommandSpec spec = CommandSpec.create();

  DiffCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public SettingOptions options() {
    return options;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit: expected 1 or more but found " + limit);
    }
    try (var store = PublishedStore.open(options.over(invocation.env()))) {
      History history = store.history();
      var before = Blocking.await(history.snapshot(from));
      var after = Blocking.await(later(history));
      var diff = SnapshotDiff.between(before, after);
      invocation.print(new DiffReport(diff, users ? limit : 0), json.given);
      return 0;
    }
  }

  private Future<Snapshot> later(History history) {
    return to != null
        ? history.snapshot(to)
        : history
            .inUse()
            .compose(
                inUse ->
                    history.snapshot(
                        inUse
                            .orElseThrow(
                                () ->
                                    new RefusedException(
                                        "expected a snapshot but nothing is published"))
                            .revision()));
  }
}
