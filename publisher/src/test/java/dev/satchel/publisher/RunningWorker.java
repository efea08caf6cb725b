package dev.satchel.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** A Worker in workerd, over a copy of what the publisher wrote to the local KV server. */
final class RunningWorker implements AutoCloseable {
  private static final Path TOOLS = Path.of("../sdk/worker");

  private final Process process;
  private final BufferedReader said;
  private final URI address;

  private RunningWorker(Process process) throws IOException {
    this.process = process;
    said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    address = URI.create(Objects.requireNonNull(said.readLine()));
  }

  /** Skips the test if there is no workerd. */
  static void assumeThereIsOne() {
    assumeTrue(
        Files.isDirectory(TOOLS.resolve("node_modules/miniflare")),
        "skipped the Worker: sdk/worker/node_modules is not installed");
  }

  /**
   * Starts the Worker in a folder.
   *
   * @param binding its name for the namespace
   * @param variables its variables
   */
  static RunningWorker in(Path folder, Workbench bench, String binding, JsonObject variables)
      throws IOException {
    var command =
        new ProcessBuilder("node", TOOLS.resolve("test/serve.mjs").toAbsolutePath().toString())
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    Map<String, String> env = command.environment();
    bench
        .env()
        .forEach(
            (name, value) -> {
              if (name.startsWith("CLOUDFLARE_")) {
                env.put(name, value);
              }
            });
    env.put("BINDING", binding);
    env.put("VARS", variables.encode());
    return new RunningWorker(command.start());
  }

  URI address() {
    return address;
  }

  /** Copies what the KV server holds now, and nothing else is there. */
  void copyAgain() throws IOException {
    OutputStream in = process.getOutputStream();
    in.write('\n');
    in.flush();
    assertThat(said.readLine()).isEqualTo("copied");
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }
}
