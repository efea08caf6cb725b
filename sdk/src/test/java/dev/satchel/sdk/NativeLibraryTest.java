package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.source.MemorySource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host on which no library can be unpacked and loaded, as with /tmp mounted noexec. */
final class NativeLibraryTest {
  @TempDir Path directory;

  /** Opens a client and prints what comes of it. */
  public static final class Opener {
    private Opener() {}

    public static void main(String[] arguments) {
      for (int i = 0; i < 2; i++) {
        try (ConfigClient client =
            ConfigClient.openBlocking(MemorySource.empty(), ConfigClientOptions.defaults())) {
          System.out.println("opened: " + client.status());
        } catch (IllegalStateException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }

  @Test
  void openingFailsInOneLineThatNamesTheWayOutHoweverOften() throws Exception {
    Path nowhere = directory.resolve("not-there");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + nowhere,
                "-cp",
                System.getProperty("java.class.path"),
                Opener.class.getName())
            .redirectError(directory.resolve("errors").toFile())
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(said.lines())
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("cannot load the native library of zstd: ")
                    .contains("found " + nowhere)
                    .contains("-DZstdTempFolder=DIR or -Djava.io.tmpdir=DIR"));
  }
}
