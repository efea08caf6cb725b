package dev.satchel.publisher.cli;

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
import dev.satchel.publisher.text.FailureText;
import dev.satchel.publisher.text.Grammar;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.text.Setting;
import dev.satchel.publisher.wiring.Assembly;
import dev.satchel.publisher.wiring.Blocking;
import dev.satchel.publisher.wiring.Connections;
import dev.satchel.publisher.wiring.TrialTable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code satchel demo}: runs everything on this machine, installs nothing and keeps nothing. */
@Command(
    name = "demo",
    description = {
      Commands.DEMO,
      "Starts a private PostgreSQL with a thousand users, a local KV server, a publisher and a",
      "page. Needs no account, and keeps nothing."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:stopped by SIGTERM or Ctrl-C", "1:failed", "2:wrong usage or settings"})
final class DemoCommand implements Callable<Integer>, SettingOptions.Owner {
  private static final Duration EVERY =
      Duration.ofSeconds(2); // someone who changes a row should not have to wait
  private static final String POLL = "1s";

  static final Setting<Integer> PORT =
      Setting.of("PORT", Grammar.port(1, ", such as 8080,"))
          .option("--port", "N")
          .byDefault("8080")
          .means("demo: the port of the page");

  private final Invocation invocation;

  private final SettingOptions options = new SettingOptions(List.of(PORT));

  DemoCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public SettingOptions options() {
    return options;
  }

  @Override
  public Integer call() throws InterruptedException {
    int pagePort = pagePort();
    checkDatabase();
    Path jar = DemoProcess.jar();
    DemoProcess.checkPort(pagePort);
    say("Starting PostgreSQL, a local KV server, the publisher and the page …");
    try (var folder = TemporaryFolder.create("satchel-demo-");
        var connections = new Connections()) {
      EmbeddedDatabase database = connections.trialDatabase();
      var server = connections.localKv(LocalKvOptions.in(folder.path().resolve("kv")));
      var variables = Connections.localVariables(server);

      String token = token();
      var ledger = new Ledger(Instant.now());
      var publisher =
          Assembly.of(
              connections,
              database.settings(),
              connections.client(Connections.localSettings(server)),
              "demo",
              settings(),
              ledger.stages());
      Blocking.await(publisher.publication().publish());
      var schedule = new Schedule.Every(EVERY);
      PublishLoop loop = publisher.loop(schedule, ledger);
      HttpPort operator =
          publisher.openPort(
              new HttpSettings(HttpSettings.DEFAULT_HOST, 0, token, null),
              new RunSettings(schedule, null, null),
              ledger);

      var page = new HashMap<>(variables);
      page.put("SATCHEL_POLL_INTERVAL", POLL);
      for (Setting<?> ofLog : List.of(LogSettings.FORMAT, LogSettings.LEVEL)) {
        page.put(ofLog.variable(), invocation.env().getOrDefault(ofLog.variable(), ""));
      }
      DemoProcess app = DemoProcess.start(connections.vertx(), jar, page, pagePort);
      connections.onClose(app::close);
      loop.start();
      connections.onClose(loop::stop); // before all that a run needs
      Blocking.await(invocation.orStop(app.ready()));
      if (!invocation.stop().isComplete()) {
        say(welcome(pagePort, operator.url(), token, database.connectionString(), variables));
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
    List<String> problems = new ArrayList<>();
    int found = PORT.read(options.over(invocation.env()), problems);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return found;
  }

  private static void checkDatabase() {
    try {
      EmbeddedDatabase.check();
    } catch (IOException e) {
      throw new RefusedException(FailureText.inWords(e));
    }
  }

  /** Returns a token for the operator's page, which ends with the demo. */
  private static String token() {
    byte[] random = new byte[12];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private static PublisherSettings settings() {
    var problems = new ArrayList<String>();
    var settings =
        PublisherSettings.fromEnv(
            Map.of(
                PublisherSettings.HISTORY.variable(),
                "1h",
                PublisherSettings.QUERY.variable(),
                TrialTable.QUERY),
            problems);
    if (!problems.isEmpty()) {
      throw new AssertionError(problems);
    }
    return settings;
  }

  private static String welcome(
      int port,
      String operator,
      String token,
      String connectionString,
      Map<String, String> variables) {
    return """

        Satchel is at work. Three links to click:

          with the preview banner     http://localhost:%1$d/?userId=%2$s   (alice)
          without it                  http://localhost:%1$d/?userId=%3$s   (bob)
          what the page knows         http://localhost:%1$d/status

        Give bob the banner, and see it on his page within seconds:

          psql "%4$s" -c "UPDATE users SET preview_features_enabled = true WHERE username = 'bob'"

        What the publisher's operator sees: %6$s
        It rolls back with the operator's token %7$s

        The KV server, for other clients: CLOUDFLARE_API_BASE_URL=%5$s
        Ctrl-C ends all of it.
        """
        .formatted(
            port,
            TrialTable.ALICE,
            TrialTable.BOB,
            connectionString,
            variables.get("CLOUDFLARE_API_BASE_URL"),
            operator,
            token)
        .stripTrailing();
  }
}
