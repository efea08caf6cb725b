package dev.satchel.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.satchel.benchmarks.decision.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** {@code satchel demo} with all its processes, in a process group of its own where that works. */
final class RunningDemo implements AutoCloseable {
  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final Pattern OPERATOR = Pattern.compile("operator sees: (http://\\S+)/");
  private static final Pattern DATABASE = Pattern.compile("psql \"(postgresql://\\S+)\"");
  private static final int DEADLINE_SECONDS = 60;

  private final Process process;
  private final Path log;
  private final int port;
  private final BufferedReader out;
  private final List<String> said = new ArrayList<>();

  private RunningDemo(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.out = process.inputReader(UTF_8);
  }

  /** Starts it with its page on a free port, and waits until it says that all is at work. */
  static RunningDemo start(Path folder, Map<String, String> env, String... options)
      throws IOException {
    int port = freePort();
    var all = new HashMap<>(env);
    all.put("PORT", Integer.toString(port));
    Path log = folder.resolve("log of the demo");
    var demo = new RunningDemo(process(log, all, options), log, port);
    try {
      demo.awaitWelcome();
      return demo;
    } catch (IOException | AssertionError e) {
      demo.close();
      throw e;
    }
  }

  /** Starts it without waiting; skips the test if the demo's two jars are not built. */
  static Process process(Path log, Map<String, String> env, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    if (hasItsOwnGroup()) {
      command.add(SETSID.toString());
    }
    command.addAll(Programs.jarCommand(jar(), "demo"));
    command.addAll(List.of(options));
    command.addAll(command.indexOf("-jar"), List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
    return Programs.builder(command, env).redirectError(log.toFile()).start();
  }

  private static Path jar() {
    try {
      Programs.jar("demo-app", "satchel-demo.jar");
      return Programs.jar("publisher", "satchel.jar");
    } catch (IOException notBuilt) {
      assumeTrue(false, "the demo was not started: " + notBuilt.getMessage());
      throw new AssertionError(notBuilt);
    }
  }

  static boolean hasItsOwnGroup() {
    return Files.isExecutable(SETSID);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitWelcome() throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.add(line);
      if (line.contains("Ctrl-C ends all of it")) {
        return;
      }
    }
    throw new AssertionError("expected the demo to start but found " + log());
  }

  /** What it printed so far, in lines. */
  List<String> said() {
    return said;
  }

  /** What it and its page have logged so far. */
  String log() throws IOException {
    return Files.readString(log);
  }

  /** Host and port of the page. */
  String page() {
    return "127.0.0.1:" + port;
  }

  /** The address of the operator's page, without a slash at its end. */
  String operator() {
    return found(OPERATOR);
  }

  /** The connection string of its database. */
  String database() {
    return found(DATABASE);
  }

  /** The first group of the first match in what it printed. */
  String found(Pattern pattern) {
    return said.stream()
        .flatMap(line -> pattern.matcher(line).results())
        .map(match -> match.group(1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("expected " + pattern + " but found " + said));
  }

  /** All its processes, the first one included. */
  List<ProcessHandle> processes() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    return all;
  }

  /** What others on this machine see of a process. */
  static String title(ProcessHandle process) throws IOException {
    Path whole = Path.of("/proc", Long.toString(process.pid()), "cmdline");
    return Files.exists(whole) ? Files.readString(whole).replace('\0', ' ') : "";
  }

  /** Sends SIGTERM to the one process that was started. */
  void terminate() {
    process.toHandle().destroy(); // Process.destroy would close what it prints
  }

  /** Sends SIGTERM to all of its group at once, as Ctrl-C in a terminal sends SIGINT. */
  void terminateGroup() throws Exception {
    Process kill =
        new ProcessBuilder("/bin/sh", "-c", "kill -s TERM -- -" + process.pid())
            .inheritIO()
            .start();
    assertThat(kill.waitFor()).as("status of kill").isZero();
  }

  /** Waits for the end, and gives the exit status. */
  int exitStatus() throws InterruptedException {
    out.lines().forEach(said::add);
    assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("the demo ends").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    processes().forEach(ProcessHandle::destroyForcibly);
  }
}
