package dev.satchel.publisher.cli;

import dev.satchel.kv.EnvVariables;
import dev.satchel.kv.SettingsException;
import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.publisher.embedded.EmbeddedDatabase;
import dev.satchel.publisher.http.HttpPort;
import dev.satchel.publisher.http.HttpSettings;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.run.Ledger;
import dev.satchel.publisher.run.PublishLoop;
import dev.satchel.publisher.run.RunSettings;
import dev.satchel.publisher.run.Schedule;
import dev.satchel.publisher.run.StageRecorder;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.wiring.Assembly;
import dev.satchel.publisher.wiring.Blocking;
import dev.satchel.publisher.wiring.Connections;
import dev.satchel.publisher.wiring.TrialTable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code satchel demo}: runs everything on this machine, installs nothing and keeps nothing. */
@Command(
    name = "demo",
    description = {
      "Shows Satchel at work on this machine, until Ctrl-C.",
      "Starts a private PostgreSQL with a thousand users, a local KV server, a publisher and a",
      "page. Needs no account, and keeps nothing."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:stopped by SIGTERM or Ctrl-C", "1:failed", "2:wrong usage or settings"})
final class DemoCommand implements Callable<Integer> {
  private static final Duration EVERY =
      Duration.ofSeconds(2); // someone who changes a row should not have to wait
  private static final String POLL = "1s";

  static final String PORT = "PORT";

  private final Invocation invocation;

  @Option(names = "--port", paramLabel = "N", description = "the page's port (PORT); default 8080")
  private int port;

  DemoCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws InterruptedException {
    int pagePort = pagePort();
    Path jar = DemoProcess.jar();
    DemoProcess.checkPort(pagePort);
    say("Starting PostgreSQL, a local KV server, the publisher and the page …");
    try (var folder = TemporaryFolder.create("satchel-demo-");
        var connections = new Connections()) {
      EmbeddedDatabase database = connections.trialDatabase();
      var server = connections.localKv(LocalKvOptions.in(folder.path().resolve("kv")));
      var variables = Connections.localVariables(server);

      var stages = new StageRecorder();
      var publisher =
          Assembly.of(
              connections,
              database.settings(),
              connections.client(Connections.localSettings(server)),
              "demo",
              settings(),
              stages);
      Blocking.await(publisher.publication().publish());
      var schedule = new Schedule.Every(EVERY);
      var ledger = new Ledger(Instant.now());
      PublishLoop loop = publisher.loop(schedule, stages, ledger);
      HttpPort operator =
          publisher.openPort(
              new HttpSettings(HttpSettings.DEFAULT_HOST, 0, null),
              new RunSettings(schedule, null, null),
              ledger);
      loop.start();
      connections.onClose(loop::stop);

      var page = new HashMap<>(variables);
      page.put("SATCHEL_POLL_INTERVAL", POLL);
      DemoProcess app = DemoProcess.start(connections.vertx(), jar, page, pagePort);
      connections.onClose(app::close);
      Blocking.await(invocation.orStop(app.ready()));
      if (!invocation.stop().isComplete()) {
        say(welcome(pagePort, operator.url(), database.connectionString(), variables));
      }
      Blocking.await(invocation.orStop(app.ended()));
      if (!invocation.stop().isComplete()) {
        throw new RefusedException("the demo app exited by itself");
      }
      return 0;
    }
  }

  private void say(String text) {
    invocation.out().println(text);
    invocation.out().flush();
  }

  private int pagePort() {
    String text =
        port != 0 ? Integer.toString(port) : EnvVariables.get(invocation.env(), PORT, "8080");
    if (!text.matches("[0-9]{1,5}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > 65_535) {
      throw new SettingsException(
          List.of("PORT: expected 1 to 65535, such as 8080, but found " + text));
    }
    return Integer.parseInt(text);
  }

  private static PublisherSettings settings() {
    var problems = new ArrayList<String>();
    var settings =
        PublisherSettings.fromEnv(
            Map.of(PublisherSettings.HISTORY, "1h", PublisherSettings.QUERY, TrialTable.QUERY),
            problems);
    if (!problems.isEmpty()) {
      throw new AssertionError(problems);
    }
    return settings;
  }

  private static String welcome(
      int port, String operator, String connectionString, Map<String, String> variables) {
    return """

        Satchel is at work. Three links to click:

          with the preview banner     http://localhost:%1$d/?userId=%2$s   (alice)
          without it                  http://localhost:%1$d/?userId=%3$s   (bob)
          what the page knows         http://localhost:%1$d/status

        Give bob the banner, and see it on his page within seconds:

          psql "%4$s" -c "UPDATE users SET preview_features_enabled = true WHERE username = 'bob'"

        What the publisher's operator sees: %6$s
        The KV server, for other clients: CLOUDFLARE_API_BASE_URL=%5$s
        Ctrl-C ends all of it.
        """
        .formatted(
            port,
            TrialTable.ALICE,
            TrialTable.BOB,
            connectionString,
            variables.get("CLOUDFLARE_API_BASE_URL"),
            operator)
        .stripTrailing();
  }
}
