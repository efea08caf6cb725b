package dev.satchel.publisher.cli;

import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.wiring.PublishedStore;
import dev.satchel.publisher.wiring.SnapshotFinder;
import dev.satchel.publisher.wiring.SnapshotFinder.Found;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code satchel inspect}: shows what a snapshot holds. */
@Command(
    name = "inspect",
    description = {
      Commands.INSPECT,
      "",
      "Each section is the user ids or a field. \"bytes opened\" is what a reader keeps in memory once"
          + " it asks for the section. The entropy is an estimate in bits per user. For the ids, it is"
          + " that of a set of this many numbers among all with the same bits. For a field, it is that"
          + " of its values taken one by one: what tells them apart. The values themselves come on"
          + " top, once each."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:sound",
      "1:not a sound snapshot, with a field that this version cannot open, or not signed by a key"
          + " of SATCHEL_PUBLIC_KEYS",
      "2:wrong usage or settings"
    })
final class InspectCommand implements Callable<Integer>, SettingOptions.Owner {
  private static final int NOT_TO_BE_TAKEN = 1;

  private final Invocation invocation;
  private final SettingOptions options = new SettingOptions(List.of(PublisherSettings.KEY));
  @Mixin private JsonOption json = new JsonOption();

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "a file to read instead of the published snapshot")
  private @Nullable Path file;

  InspectCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public SettingOptions options() {
    return options;
  }

  @Override
  public Integer call() throws InterruptedException {
    Optional<PatchReport> patch = Optional.ofNullable(file).flatMap(PatchReport::in);
    if (patch.isPresent()) {
      invocation.print(patch.get(), json.given);
      return 0;
    }
    Found found = find();
    Inspection inspection = Inspection.of(found);
    invocation.print(inspection, json.given);
    return inspection.isSound() && found.isTrusted() ? 0 : NOT_TO_BE_TAKEN;
  }

  private Found find() throws InterruptedException {
    var env = options.over(invocation.env());
    if (file != null) {
      List<String> problems = new ArrayList<>();
      var seal = Seal.fromEnv(env, PublisherSettings.KEY.read(env, problems), problems);
      if (!problems.isEmpty()) {
        throw new SettingsException(problems);
      }
      return SnapshotFinder.inFile(file, seal);
    }
    try (var store = PublishedStore.open(env)) {
      return store.snapshot();
    }
  }
}
