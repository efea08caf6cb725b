package dev.satchel.publisher.cli;

import dev.satchel.kv.EnvVariables;
import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.check.SourceCheck;
import dev.satchel.publisher.check.SourceReport;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.text.Setting;
import dev.satchel.snapshot.NativeLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code satchel check-source}: asks an address what clients ask it. */
@Command(
    name = "check-source",
    description = {
      Commands.CHECK_SOURCE,
      "",
      "A line for each check says what was expected, what was found and what to do. A warning means"
          + " that clients can read the address, but that something is slower, older or more open"
          + " than it could be. With SATCHEL_PUBLIC_KEYS, the signature for --key is checked, too."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:clients can read it, perhaps with warnings",
      "1:clients cannot read it as it is",
      "2:wrong usage or settings"
    })
final class CheckSourceCommand implements Callable<Integer>, SettingOptions.Owner {
  private static final int NOT_USABLE = 1;

  /** The SDK's variable for the same token. */
  static final Setting<String> TOKEN =
      Setting.secret("SATCHEL_SOURCE_TOKEN")
          .otherwise("none")
          .means("check-source: the bearer token that it sends");

  private final Invocation invocation;
  private final SettingOptions options = new SettingOptions(List.of(PublisherSettings.KEY));
  @Mixin private JsonOption json = new JsonOption();

  @Parameters(
      paramLabel = "URL",
      description = "the address that applications have in SATCHEL_SOURCE")
  private String address = "";

  CheckSourceCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public SettingOptions options() {
    return options;
  }

  @Override
  public Integer call() throws InterruptedException {
    var env = options.over(invocation.env());
    List<String> problems = new ArrayList<>();
    var token = EnvVariables.secret(env, TOKEN.variable(), problems);
    var seal = Seal.fromEnv(env, PublisherSettings.KEY.read(env, problems), problems);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    NativeLibrary.load();
    SourceReport report;
    try {
      report = SourceCheck.of(address, token.orElse(null), seal);
    } catch (RefusedException e) {
      throw new SettingsException(List.of("URL: " + e.getMessage()));
    }
    invocation.print(report, json.given);
    return report.isUsable() ? 0 : NOT_USABLE;
  }
}
