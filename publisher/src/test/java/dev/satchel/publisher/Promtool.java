package dev.satchel.publisher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Prometheus's own tool, which comes with Debian's package prometheus. */
public final class Promtool {
  private static final int DEADLINE_SECONDS = 60;

  private Promtool() {}

  /** Skips the test where it is not installed. */
  public static void assumeInstalled() {
    assumeTrue(
        List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool"))),
        "no promtool: install Debian's package prometheus");
  }

  /** Runs it, and gives all that it says; fails if it does not exit with 0. */
  public static String run(String input, String... arguments)
      throws IOException, InterruptedException {
    Path in = Files.createTempFile("promtool", ".txt");
    try {
      Files.writeString(in, input);
      List<String> command = new ArrayList<>(List.of("promtool"));
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command).redirectInput(in.toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
      return said;
    } finally {
      Files.delete(in);
    }
  }
}
