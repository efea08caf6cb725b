package dev.satchel.publisher.cli;

import dev.satchel.publisher.text.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The demo app as a process of its own, as an application would run. It ends when its owner does.
 */
final class DemoProcess {
  private static final String JAR = "satchel-demo.jar";
  private static final long READY_MILLIS = 60_000;
  private static final long POLL_MILLIS = 100;
  private static final long STOP_SECONDS = 10;
  private static final long EXIT_MILLIS = 500;

  private final Vertx vertx;
  private final Process process;
  private final int port;

  private DemoProcess(Vertx vertx, Process process, int port) {
    this.vertx = vertx;
    this.process = process;
    this.port = port;
  }

  /**
   * Returns the demo's jar, which lies next to the publisher's or where the build puts it.
   *
   * @throws RefusedException if there is no such file; the message says how to build it
   */
  static Path jar() {
    Path ours;
    try {
      ours = Path.of(DemoProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError("a class has a code source", e);
    }
    // our own is …/publisher/target/satchel.jar, or the classes folder next to it
    Path built = ours.resolve("../../../demo-app/target").resolve(JAR).normalize();
    for (Path candidate : List.of(ours.resolveSibling(JAR), built)) {
      if (Files.exists(candidate)) {
        return candidate;
      }
    }
    throw new RefusedException(
        "expected the demo app at %s but there is no such file; build it with: mvn package -DskipTests"
            .formatted(built));
  }

  /**
   * Fails if the page's port is taken, before anything is started.
   *
   * @throws RefusedException with a message that says what to do
   */
  static void checkPort(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new RefusedException(
          "port %d is taken; stop what listens there, or choose another port: PORT=%d"
              .formatted(port, port == 65_535 ? 8081 : port + 1));
    }
  }

  /** Starts the process, whose standard error goes to ours. */
  static DemoProcess start(Vertx vertx, Path jar, Map<String, String> variables, int port) {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            jar.toString());
    var builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    // the user's own settings must not point the page at another key or account
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("SATCHEL_") || name.startsWith("CLOUDFLARE_"));
    builder.environment().putAll(variables);
    builder.environment().put("PORT", Integer.toString(port));
    try {
      return new DemoProcess(vertx, builder.start(), port);
    } catch (IOException e) {
      throw new RefusedException("cannot start the demo app: " + e.getMessage());
    }
  }

  /** Completes when the page answers; fails if the process ends or stays silent. */
  Future<Void> ready() {
    HttpClient client = vertx.createHttpClient();
    return ready(client, System.nanoTime()).eventually(client::close);
  }

  private Future<Void> ready(HttpClient client, long since) {
    return client
        .request(HttpMethod.GET, port, "127.0.0.1", "/health/ready")
        .compose(request -> request.send())
        .map(response -> response.statusCode() == 200)
        .otherwise(false)
        .compose(
            isReady -> {
              if (isReady) {
                return Future.succeededFuture();
              }
              if (!process.isAlive()) {
                return ended()
                    .compose(
                        ended ->
                            Future.failedFuture(
                                new RefusedException(
                                    "the demo app exited with status " + process.exitValue())));
              }
              if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since) > READY_MILLIS) {
                return Future.failedFuture(
                    new RefusedException(
                        "the demo app did not answer within %d s".formatted(READY_MILLIS / 1000)));
              }
              return vertx
                  .timer(POLL_MILLIS, TimeUnit.MILLISECONDS)
                  .compose(later -> ready(client, since));
            });
  }

  /** Completes a moment after the process has exited. */
  Future<Void> ended() {
    // Ctrl-C tells it and us, and it may be the faster one
    return Future.fromCompletionStage(process.onExit())
        .compose(exited -> vertx.timer(EXIT_MILLIS, TimeUnit.MILLISECONDS))
        .mapEmpty();
  }

  /** Ends the process. */
  Future<Void> close() {
    return vertx.executeBlocking(
        () -> {
          process.destroy();
          if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
          }
          return null;
        });
  }
}
