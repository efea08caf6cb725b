package dev.satchel.benchmarks.decision;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Builds the command lines of the programs that a measurement starts. */
public final class Programs {
  // with two configurations on the class path, logback would report on standard output
  private static final String QUIET_LOGBACK =
      "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener";

  private Programs() {}

  /**
   * Returns the command that runs one of our main classes in a JVM of its own, with at most this
   * many MiB of heap.
   */
  public static List<String> main(int heapMib, Class<?> main, String... arguments) {
    return main(heapMib, System.getProperty("java.class.path"), main, arguments);
  }

  /** Returns the same with the private PostgreSQL, which our jar leaves out. */
  public static List<String> mainWithDatabase(int heapMib, Class<?> main, String... arguments)
      throws IOException {
    String path =
        System.getProperty("java.class.path")
            + System.getProperty("path.separator")
            + jar("publisher", "satchel-postgres.jar");
    return main(heapMib, path, main, arguments);
  }

  /** Returns a builder for a process with these variables in addition to those of this one. */
  public static ProcessBuilder builder(List<String> command, Map<String, String> variables) {
    ProcessBuilder builder = new ProcessBuilder(command);
    // the user's own settings must not point a measurement at another account
    builder
        .environment()
        .keySet()
        .removeIf(
            set ->
                set.startsWith("SATCHEL_")
                    || set.startsWith("CLOUDFLARE_")
                    || set.startsWith("DATABASE_"));
    builder.environment().putAll(variables);
    return builder;
  }

  /** Returns the command that runs a runnable jar. */
  public static List<String> jarCommand(Path jar, String... arguments) {
    List<String> command = new ArrayList<>(List.of(java(), "-jar", jar.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * Finds a runnable jar of another module, starting from where ours is.
   *
   * @throws IOException if it is not there; the message says how to build it
   */
  public static Path jar(String module, String name) throws IOException {
    Path ours;
    try {
      ours = Path.of(Programs.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("expected to be run from a file", e);
    }
    // our own is …/benchmarks/target/benchmarks.jar, or the classes folder next to it
    Path found = ours.resolve(Path.of("..", "..", "..", module, "target", name)).normalize();
    if (!Files.exists(found)) {
      throw new IOException(
          "expected " + found + " but there is no such file: mvn -DskipTests package builds it");
    }
    return found;
  }

  /** Waits for a process that was told to end, and sends it SIGKILL if it has not in time. */
  public static void awaitEnd(Process process, long seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> main(int heapMib, String path, Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(java(), "-Xmx" + heapMib + "m", QUIET_LOGBACK, "-cp", path, main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
