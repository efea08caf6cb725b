package dev.satchel.publisher.cli;

import dev.satchel.kv.DurationText;
import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.publish.Progress;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.store.Hold;
import dev.satchel.publisher.wiring.Assembly;
import dev.satchel.publisher.wiring.Blocking;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code satchel rollback}: publishes an earlier revision again. */
@Command(
    name = "rollback",
    description = {
      Commands.ROLLBACK,
      "Takes turns with other publishers of the key, and keeps them waiting as long as KV may still"
          + " answer them without the hold."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:published and held",
      "1:failed; one line says why, and the published snapshot stays as it was",
      "2:wrong usage or settings"
    })
final class RollbackCommand implements Callable<Integer>, SettingOptions.Owner {
  private final Invocation invocation;
  private final SettingOptions options = new SettingOptions(List.of(PublisherSettings.KEY));
  @Mixin private JsonOption json = new JsonOption();

  @Parameters(paramLabel = "REVISION", description = "the revision, as satchel history lists it")
  private long revision;

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "the reason, shown with the hold; at most " + Hold.MAX_WHY_BYTES + " bytes")
  private String why = "";

  // a write becomes visible after up to 60 s: developers.cloudflare.com/kv/concepts/how-kv-works
  @Option(
      names = "--settle",
      paramLabel = "DURATION",
      defaultValue = "60s",
      description = "how long to keep others waiting, 0 for not at all; default ${DEFAULT-VALUE}")
  private String settle = "60s";

  RollbackCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public SettingOptions options() {
    return options;
  }

  @Override
  public Integer call() throws InterruptedException {
    Duration quiet =
        DurationText.parse(settle)
            .orElseThrow(
                () ->
                    new SettingsException(
                        List.of(
                            "--settle: expected a time such as 60s, or 0, but found " + settle)));
    var env = new HashMap<>(options.over(invocation.env()));
    env.put(
        PublisherSettings.LAYOUT.variable(),
        "snapshot"); // pairs are found, and pairs alone have no history
    try (var publisher = Assembly.open(env, Progress.NONE)) {
      invocation.stop().onComplete(stop -> publisher.gate().close());
      Blocking.await(
          publisher.rollback(
              revision,
              why,
              outcome -> {
                invocation.print(outcome, json.given);
                return invocation.orStop(settled(publisher, quiet));
              }));
      return 0;
    }
  }

  private static Future<Void> settled(Assembly publisher, Duration quiet) {
    if (quiet.isZero()) {
      return Future.succeededFuture();
    }
    log()
        .info(
            "done; other publishers wait for another {} s, until KV shows the hold everywhere (Ctrl-C"
                + " ends only this wait)",
            quiet.toSeconds());
    return publisher.pause(quiet);
  }

  /** Returns the log, which is not opened for a command's help. */
  private static Logger log() {
    return LoggerFactory.getLogger(RollbackCommand.class);
  }
}
