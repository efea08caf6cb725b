package dev.satchel.benchmarks.soak;

import dev.satchel.benchmarks.decision.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real program of ours in a JVM of its own, with its log in a file. */
final class ChildProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  static ChildProcess start(List<String> command, Map<String, String> variables, Path log)
      throws IOException {
    return new ChildProcess(
        Programs.builder(command, variables)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start());
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Sends SIGKILL, and returns when the process is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Makes the process collect all garbage now. */
  void collect() throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    if (Files.exists(Path.of(jcmd))) {
      new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.run")
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Sends SIGTERM, and SIGKILL if that does not end the process. */
  @Override
  public void close() {
    process.destroy();
    Programs.awaitEnd(process, PATIENCE_SECONDS);
  }
}
