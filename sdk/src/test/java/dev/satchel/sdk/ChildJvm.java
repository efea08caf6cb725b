package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A main class of these tests that has run in a JVM of its own.
 *
 * @param said standard output and standard error
 */
record ChildJvm(int status, String said) {
  private static final long DEADLINE_SECONDS = 120;

  /** Runs it until it ends, which it has to do within two minutes. */
  static ChildJvm run(List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("child-jvm", ".log");
    try {
      Process child =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = child.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
      child.destroyForcibly();
      String said = Files.readString(output, StandardCharsets.UTF_8);
      assertThat(ended).as(said).isTrue();
      return new ChildJvm(child.exitValue(), said);
    } finally {
      Files.delete(output);
    }
  }
}
