package example;

import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.kv.local.LocalKvServer;
import dev.satchel.sdk.testkit.TestSnapshots;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs one application against a KV server of its own. Arguments: the command of the application.
 * Publishes that alice has no preview, starts the application, publishes that she has it once the
 * application has said the first, and exits with 0 if the application said both and exited with 0
 * by itself. Prints what the application printed only if it did not.
 */
public final class Driver {
  private static final String FIRST = "first alice=false";
  private static final String CHANGED = "changed alice=true";
  private static final int MOST_SECONDS = 60;

  private final URI value;

  private Driver(URI value) {
    this.value = value;
  }

  public static void main(String[] command) throws Exception {
    Path directory = Files.createTempDirectory("satchel-application");
    Vertx vertx = Vertx.vertx();
    int code;
    try {
      LocalKvServer server =
          LocalKvServer.start(
                  vertx, LocalKvOptions.in(directory).withToken("token").withNamespace("n", "n"))
              .toCompletionStage()
              .toCompletableFuture()
              .get(MOST_SECONDS, TimeUnit.SECONDS);
      URI value =
          URI.create(
              server.baseUrl() + "/accounts/a/storage/kv/namespaces/n/values/user-configs");
      code = new Driver(value).judge(command, server.baseUrl());
      server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } finally {
      vertx.close();
    }
    try (var files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(f -> f.delete());
    }
    System.exit(code);
  }

  private int judge(String[] command, String baseUrl) throws Exception {
    publish(1, false);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("SATCHEL_") || name.startsWith("CLOUDFLARE_"));
    builder.environment().put("CLOUDFLARE_API_BASE_URL", baseUrl);
    builder.environment().put("CLOUDFLARE_ACCOUNT_ID", "a");
    builder.environment().put("CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "n");
    builder.environment().put("CLOUDFLARE_API_TOKEN", "token");
    builder.environment().put("SATCHEL_POLL_INTERVAL", "0.2s");
    Process application = builder.start();
    application.getOutputStream().close();
    var watchdog =
        new Thread(
            () -> {
              try {
                if (!application.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                  application.destroyForcibly();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    watchdog.setDaemon(true);
    watchdog.start();

    List<String> printed = new ArrayList<>();
    try (BufferedReader lines = application.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        printed.add(line);
        if (line.equals(FIRST)) {
          publish(2, true);
        }
      }
    }
    int exit = application.waitFor();
    if (exit == 0 && printed.contains(FIRST) && printed.contains(CHANGED)) {
      return 0;
    }
    printed.forEach(System.out::println);
    System.out.printf(
        "expected the lines '%s' and '%s' and exit code 0 within %d s, but found exit code %d%n",
        FIRST, CHANGED, MOST_SECONDS, exit);
    return 1;
  }

  /** Puts a snapshot with its metadata, as the publisher does. */
  private void publish(long revision, boolean preview) throws Exception {
    byte[] bytes =
        TestSnapshots.encode(revision, Instant.now(), Map.of("alice", Map.of("preview", preview)));
    Snapshot snapshot = Snapshot.open(bytes);
    String metadata =
        """
        {"revision": %d, "contentHash": "%s", "sha256": "%s", "users": %d, "bytes": %d,
         "publishedAt": "%s", "formatVersion": %d}"""
            .formatted(
                revision,
                snapshot.contentHash(),
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
                snapshot.users(),
                bytes.length,
                snapshot.publishedAt(),
                snapshot.formatVersion());
    var form = new ByteArrayOutputStream();
    part(form, "value", bytes);
    part(form, "metadata", metadata.getBytes(StandardCharsets.UTF_8));
    form.write("--part--\r\n".getBytes(StandardCharsets.UTF_8));
    var response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(value)
                    .header("Authorization", "Bearer token")
                    .header("Content-Type", "multipart/form-data; boundary=part")
                    .PUT(BodyPublishers.ofByteArray(form.toByteArray()))
                    .build(),
                BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("expected 200 but found " + response.statusCode() + response.body());
    }
  }

  private static void part(ByteArrayOutputStream form, String name, byte[] content)
      throws IOException {
    form.write(
        "--part\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n"
            .formatted(name)
            .getBytes(StandardCharsets.UTF_8));
    form.write(content);
    form.write("\r\n".getBytes(StandardCharsets.UTF_8));
  }
}
