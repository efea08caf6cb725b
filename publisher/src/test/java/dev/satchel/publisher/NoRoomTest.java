package dev.satchel.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that cannot load the native library, or run out of memory. */
@Timeout(120)
class NoRoomTest {
  @TempDir Path folder;

  @Test
  void aFolderFromWhichNothingCanBeLoadedEndsACommandAtOnce() throws Exception {
    Path nowhere = folder.resolve("not-there");
    try (var bench = Workbench.in(folder.resolve("kv"))) {
      assertThat(bench.satchel().run("publish")).isZero();
      for (List<String> command :
          List.of(List.of("publish"), List.of("run"), List.of("inspect"), List.of("get", "bob"))) {
        List<String> said = failing(bench.env(), "-Djava.io.tmpdir=" + nowhere, command);

        assertThat(said)
            .as(command.get(0))
            .singleElement()
            .asString()
            .startsWith("satchel: cannot load the native library of zstd: ")
            .contains("-DZstdTempFolder=DIR or -Djava.io.tmpdir=DIR");
      }
    }
  }

  @Test
  void aHeapThatIsTooSmallEndsACommandAtOnce() throws Exception {
    try (var bench = Workbench.in(folder.resolve("kv"))) {
      var env = bench.env();
      env.put(
          "SATCHEL_QUERY",
          "SELECT i AS id, md5(i::text) AS h FROM generate_series(1, 500000) AS i");

      assertThat(failing(env, "-Xmx40m", List.of("publish")))
          .singleElement()
          .asString()
          .startsWith("satchel: not enough memory for this many users")
          .contains("-Xmx");
    }
  }

  /** Runs a command that must end with 1, and returns the lines that say why. */
  private List<String> failing(Map<String, String> env, String option, List<String> command)
      throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.satchel.publisher.Satchel"));
    words.addAll(command);
    var process = new ProcessBuilder(words).redirectErrorStream(true);
    process.environment().putAll(env);
    Process running = process.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(running.exitValue()).as(said).isEqualTo(1);
    return said.lines().filter(line -> !line.contains(" INFO ")).toList();
  }
}
