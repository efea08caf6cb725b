package dev.satchel.publisher.cli;

import dev.satchel.publisher.publish.Progress;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.store.Hold;
import dev.satchel.publisher.text.Report;
import dev.satchel.publisher.wiring.Assembly;
import dev.satchel.publisher.wiring.Blocking;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code satchel resume}: ends the hold of a rollback. */
@Command(
    name = "resume",
    description = {
      Commands.RESUME,
      "Until then readers keep what they have: it is the same snapshot under the same revision."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:no longer held, or was not held",
      "1:failed; one line says why",
      "2:wrong usage or settings"
    })
final class ResumeCommand implements Callable<Integer>, SettingOptions.Owner {
  private final Invocation invocation;
  private final SettingOptions options = new SettingOptions(List.of(PublisherSettings.KEY));
  @Mixin private JsonOption json = new JsonOption();

  ResumeCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  /** The hold that was ended, if there was one. */
  private record Resumed(Optional<Hold> hold) implements Report {
    @Override
    public JsonObject toJson() {
      var json = new JsonObject().put("outcome", hold.isPresent() ? "resumed" : "not held");
      hold.ifPresent(was -> json.put("hold", was.toJson()));
      return json;
    }

    @Override
    public String inWords() {
      return hold.map(was -> "resumed; it was " + was.inWords()).orElse("nothing was held");
    }
  }

  @Override
  public SettingOptions options() {
    return options;
  }

  @Override
  public Integer call() throws InterruptedException {
    var env = new HashMap<>(options.over(invocation.env()));
    env.put(
        PublisherSettings.LAYOUT.variable(),
        "snapshot"); // the layout with a pair for each user has no history
    try (var publisher = Assembly.open(env, Progress.NONE)) {
      invocation.stop().onComplete(stop -> publisher.gate().close());
      invocation.print(new Resumed(Blocking.await(publisher.resume())), json.given);
      return 0;
    }
  }
}
