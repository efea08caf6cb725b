package dev.satchel.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.ConfigClientOptions.WhenNothing;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All of it together: a database, a publisher in a process of its own, a store, and a reader. */
class EndToEndTest {
  @Test
  @Timeout(120)
  void aChangedRowReachesTheReaderAndTheTermSignalEndsThePublisherWell(@TempDir Path folder)
      throws Exception {
    try (var bench = Workbench.in(folder)) {
      Process publisher = startRun(bench);
      try (var log =
          new BufferedReader(
              new InputStreamReader(publisher.getErrorStream(), StandardCharsets.UTF_8))) {
        assertThat(nextLineWith("published revision", log)).contains("3 users");
        ConfigClient reader =
            ConfigClient.openBlocking(
                bench.source(),
                ConfigClientOptions.builder()
                    .pollInterval(Duration.ofMillis(50))
                    .whenNothing(WhenNothing.FAIL)
                    .build());
        assertThat(reader.getBoolean("bob", "preview", false)).isFalse();
        var changed = new CountDownLatch(1);
        reader.onUserChange("bob", change -> changed.countDown());

        bench.sql("UPDATE %s SET preview = true WHERE id = 'bob'");

        assertThat(changed.await(60, TimeUnit.SECONDS)).as("bob changes within 60 s").isTrue();
        assertThat(reader.getBoolean("bob", "preview", false)).isTrue();
        reader.close();
        publisher.toHandle().destroy(); // SIGTERM; Process.destroy would close the log, too
        assertThat(nextLineWith("stopped after", log)).contains("0 failed");
        assertThat(publisher.waitFor()).isZero();
      } finally {
        publisher.destroyForcibly();
      }
    }
  }

  private static Process startRun(Workbench bench) throws Exception {
    var command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            Satchel.class.getName(),
            "run",
            "--schedule",
            "1s",
            "--listen",
            "end_to_end",
            "--http-port",
            "0");
    command.environment().putAll(bench.env());
    return command.start();
  }

  private static String nextLineWith(String part, BufferedReader log) throws Exception {
    var all = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      if (line.contains(part)) {
        return line;
      }
      all.append(line).append(System.lineSeparator());
    }
    throw new AssertionError("expected a line with '" + part + "' but found only:\n" + all);
  }
}
