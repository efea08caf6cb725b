package dev.satchel.kv.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** A server in its own process, killed while it writes. */
class KillTest {
  @TempDir Path directory;

  @RepeatedTest(3)
  void aKilledServerHasEveryAcknowledgedValueAndNoPartOfAnother() throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LocalKvProcess.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String namespace;
    int acknowledged = 0;
    try {
      var rest = new Rest(baseUrl(process) + "/accounts/a/storage/kv/namespaces");
      namespace = rest.namespace("t");
      int killAfter = 5 + (int) Math.floorMod(seed, 30L);
      Thread killer = null;
      try {
        while (true) {
          if (acknowledged == killAfter) {
            // from another thread, so that it falls at any moment of the writes that follow
            killer = new Thread(process::destroyForcibly);
            killer.start();
          }
          rest.put(namespace + "/values/same", value(acknowledged + 1)).result();
          rest.put(namespace + "/values/" + (acknowledged + 1), value(acknowledged + 1)).result();
          acknowledged++;
        }
      } catch (UncheckedIOException killed) {
        assertThat(acknowledged).isGreaterThanOrEqualTo(killAfter);
      }
      if (killer != null) {
        killer.join();
      }
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    Vertx vertx = Vertx.vertx();
    try {
      LocalKvServer server =
          LocalKvServer.start(vertx, LocalKvOptions.in(directory)).await(30, TimeUnit.SECONDS);
      var rest = new Rest(server, "a");
      for (int i = 1; i <= acknowledged; i++) {
        assertThat(Arrays.equals(rest.get(namespace + "/values/" + i).bytes(), value(i)))
            .as("seed %d, value %d", seed, i)
            .isTrue();
      }
      Rest.Reply next = rest.get(namespace + "/values/" + (acknowledged + 1));
      assertThat(next.status() == 404 || Arrays.equals(next.bytes(), value(acknowledged + 1)))
          .as("seed %d: whole or absent", seed)
          .isTrue();
      byte[] same = rest.get(namespace + "/values/same").bytes();
      assertThat(
              Arrays.equals(same, value(acknowledged))
                  || Arrays.equals(same, value(acknowledged + 1)))
          .as("seed %d: the last value or the one before", seed)
          .isTrue();
      server.close().await(30, TimeUnit.SECONDS);
    } finally {
      vertx.close().await(30, TimeUnit.SECONDS);
    }
  }

  private static byte[] value(int i) {
    var value = new byte[300_000];
    Arrays.fill(value, (byte) i);
    return value;
  }

  private static String baseUrl(Process process) throws IOException {
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith("http")) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException("expected the base URL but the process ended");
    }
    return line;
  }
}
