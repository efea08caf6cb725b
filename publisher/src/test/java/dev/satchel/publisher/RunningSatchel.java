package dev.satchel.publisher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The command line in a process of its own, whose log the test follows. */
public final class RunningSatchel implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 60;

  private final Process process;
  private final BufferedReader log;

  private RunningSatchel(Process process) {
    this.process = process;
    // reading a pipe cannot be interrupted: the end of the process ends it
    CompletableFuture.delayedExecutor(DEADLINE_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    this.log =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
  }

  public static RunningSatchel start(Map<String, String> env, String... args) throws IOException {
    return withHeap("128m", env, args);
  }

  /** With the largest heap that the JVM may take, as {@code -Xmx} has it. */
  static RunningSatchel withHeap(String heap, Map<String, String> env, String... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + heap,
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Satchel.class.getName()));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(env);
    return new RunningSatchel(builder.start());
  }

  public String nextLineWith(String part) throws IOException {
    var all = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      if (line.contains(part)) {
        return line;
      }
      all.append(line).append(System.lineSeparator());
    }
    throw new AssertionError("expected a line with '" + part + "' but found only:\n" + all);
  }

  /** All lines until the process ends. */
  public String rest() {
    return log.lines().collect(Collectors.joining("\n"));
  }

  /** Waits for the process to end by itself, but not longer than this. */
  boolean isEndedWithin(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** What others on this machine see of the process. */
  String title() throws IOException {
    // ProcessHandle.Info leaves the arguments out where a class path makes the line too long
    Path whole = Path.of("/proc", Long.toString(process.pid()), "cmdline");
    return process.toHandle().info()
        + (Files.exists(whole) ? Files.readString(whole).replace('\0', ' ') : "");
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM; the exit status. Process.destroy would close the log, too. */
  public int stop() throws InterruptedException {
    process.toHandle().destroy();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
