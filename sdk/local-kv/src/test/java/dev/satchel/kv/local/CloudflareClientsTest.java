package dev.satchel.kv.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Cloudflare's own clients: npm {@code cloudflare} and {@code wrangler kv … --remote}. */
class CloudflareClientsTest extends ServerTest {
  private static final long PATIENCE_SECONDS = 240;

  @Test
  void cloudflaresOwnClientsFindNoDifference() throws Exception {
    Path clients = clients();
    assumeTrue(
        Files.isDirectory(clients.resolve("node_modules")),
        "skipped cloudflare and wrangler: .ci/clients/node_modules is not installed");
    assumeTrue(hasNode(), "skipped cloudflare and wrangler: there is no node");
    // their clock is the real one
    restart(LocalKvOptions.in(directory).withToken(TOKEN));

    Path output = directory.resolveSibling(directory.getFileName() + ".out");
    var builder =
        new ProcessBuilder("node", "clients.mjs")
            .directory(clients.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("CLOUDFLARE_API_BASE_URL", server.baseUrl());
    environment.put("CLOUDFLARE_API_TOKEN", TOKEN);
    environment.put("CLOUDFLARE_ACCOUNT_ID", Rest.ACCOUNT);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(ended && process.exitValue() == 0)
          .as(() -> "the clients said:\n" + text(output))
          .isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.deleteIfExists(output);
    }
  }

  private static String text(Path output) {
    try {
      return Files.readString(output, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The folder of the checkout, from wherever in it the tests are run. */
  private static Path clients() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve(".ci/clients")) && at.getParent() != null) {
      at = at.getParent();
    }
    return at.resolve(".ci/clients");
  }

  private static boolean hasNode() throws InterruptedException {
    try {
      return new ProcessBuilder("node", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
