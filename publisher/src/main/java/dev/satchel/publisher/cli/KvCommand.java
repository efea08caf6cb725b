package dev.satchel.publisher.cli;

import dev.satchel.kv.EnvVariables;
import dev.satchel.kv.SettingsException;
import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.kv.local.LocalKvServer;
import dev.satchel.publisher.text.Report;
import dev.satchel.publisher.text.Setting;
import dev.satchel.publisher.wiring.Blocking;
import dev.satchel.publisher.wiring.Connections;
import dev.satchel.publisher.wiring.Endpoints;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code satchel kv}: runs the local KV server until told to stop. */
@Command(
    name = "kv",
    description = {
      Commands.KV,
      "Prints its base URL, for CLOUDFLARE_API_BASE_URL. The namespace id is \"local\".",
      "Asks for the API token in SATCHEL_KV_TOKEN, or in the file that SATCHEL_KV_TOKEN_FILE names;"
          + " without one, it accepts any credentials."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:stopped by SIGTERM or Ctrl-C", "1:failed", "2:wrong usage or settings"})
final class KvCommand implements Callable<Integer> {
  static final Setting<String> TOKEN =
      Setting.secret("SATCHEL_KV_TOKEN")
          .otherwise("any")
          .means("kv: the API token that the local server asks for");

  private final Invocation invocation;
  @Mixin private JsonOption json = new JsonOption();

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8787",
      description = "the port, 0 for any free one; default ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "where the pairs are kept; default: kv under SATCHEL_DIR")
  private @Nullable Path directory;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = LocalKvOptions.DEFAULT_HOST,
      description = "the address to listen on; default ${DEFAULT-VALUE}, this machine only")
  private String host = LocalKvOptions.DEFAULT_HOST;

  KvCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws InterruptedException {
    LocalKvOptions options = options();
    try (var connections = new Connections()) {
      LocalKvServer server = connections.localKv(options);
      log()
          .info(
              "serving {} with {}",
              options.directory(),
              options.token() == null ? "any credentials" : "the given token");
      invocation.print(new Listening(server.baseUrl(), server.port()), json.given);
      Blocking.await(invocation.stop());
      return 0;
    }
  }

  private LocalKvOptions options() {
    Path where =
        directory == null ? Endpoints.directory(invocation.env()).resolve("kv") : directory;
    try {
      return LocalKvOptions.in(where).withHost(host).withPort(port).withToken(token());
    } catch (IllegalArgumentException e) {
      throw new SettingsException(List.of(String.valueOf(e.getMessage())));
    }
  }

  private @Nullable String token() {
    List<String> problems = new ArrayList<>();
    var token = EnvVariables.secret(invocation.env(), TOKEN.variable(), problems);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return token.orElse(null);
  }

  private record Listening(String baseUrl, int port) implements Report {
    @Override
    public JsonObject toJson() {
      return new JsonObject().put("baseUrl", baseUrl).put("port", port);
    }

    @Override
    public String inWords() {
      return baseUrl;
    }
  }

  /** Returns the log, which is not opened for a command's help. */
  private static Logger log() {
    return LoggerFactory.getLogger(KvCommand.class);
  }
}
