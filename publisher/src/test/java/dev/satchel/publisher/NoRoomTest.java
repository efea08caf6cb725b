package dev.satchel.publisher;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.publish.PublisherSettings.DEFAULT_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Mostly the error reaches the command with 40, and with the others nobody can hand it over. */
  @ParameterizedTest
  @ValueSource(ints = {20, 40, 46, 51})
  void aHeapThatIsTooSmallEndsACommandAtOnce(int mib) throws Exception {
    try (var bench = Workbench.in(folder.resolve("kv"))) {
      var env = bench.env();
      env.put(
          "SATCHEL_QUERY",
          "SELECT i AS id, md5(i::text) AS h FROM generate_series(1, 500000) AS i");

      assertThat(failing(env, "-Xmx" + mib + "m", List.of("publish")))
          .singleElement()
          .asString()
          .startsWith("satchel: not enough memory for this many users")
          .contains("-Xmx");
    }
  }

  @Test
  void whatAHeapIsTooSmallToCompareWithStaysUntilAPersonAcceptsIt() throws Exception {
    String query =
        "SELECT i AS id, i * 2 AS a, i * 3 AS b, i * 5 AS c, i * 7 AS d, i::bigint * i AS e"
            + " FROM generate_series(1, %d) AS i";
    try (var bench = Workbench.in(folder.resolve("kv"))) {
      var env = bench.env();
      env.put("SATCHEL_QUERY", query.formatted(1_000_000));
      assertThat(SatchelRun.with(env).run("publish")).isZero();
      env.put("SATCHEL_QUERY", query.formatted(3));
      Buffer published = bench.value(DEFAULT_KEY);

      assertThat(failing(env, "-Xmx24m", List.of("publish")))
          .singleElement()
          .asString()
          .startsWith("satchel: cannot open the value under " + DEFAULT_KEY + ": ")
          .contains("half of Java's heap", "-Xmx");
      assertThat(bench.value(DEFAULT_KEY)).isEqualTo(published);

      await(bench.kv().delete(DEFAULT_KEY));
      assertThat(failing(env, "-Xmx24m", List.of("publish")))
          .singleElement()
          .asString()
          .startsWith("satchel: cannot open the copy " + DEFAULT_KEY + "@");
      assertThat(await(bench.kv().value(DEFAULT_KEY))).isEmpty();

      Ended accepted = run(env, "-Xmx24m", List.of("publish", "--accept-change"));
      assertThat(accepted.status).as(accepted.said).isZero();
      assertThat(bench.published().users()).isEqualTo(3);
    }
  }

  private record Ended(int status, String said) {}

  /** Runs a command that must end with 1, and returns the lines that say why. */
  private static List<String> failing(Map<String, String> env, String option, List<String> command)
      throws Exception {
    Ended ended = run(env, option, command);
    assertThat(ended.status).as(ended.said).isEqualTo(1);
    return ended
        .said
        .lines()
        // the latter tells of a collector that takes seconds on a busy machine
        .filter(line -> !line.contains(" INFO ") && !line.contains(" BlockedThreadChecker: "))
        .toList();
  }

  private static Ended run(Map<String, String> env, String option, List<String> command)
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
    try {
      String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Ended(running.exitValue(), said);
    } finally {
      running.destroyForcibly();
    }
  }
}
