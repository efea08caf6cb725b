package dev.satchel.publisher.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunFolderTest {
  /** In another process: whether it could take the lock, so would think the folder abandoned. */
  public static final class Stranger {
    private Stranger() {}

    public static void main(String[] args) throws Exception {
      try (var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
        System.out.print(channel.tryLock() != null);
      }
    }
  }

  @Test
  void aSecondFolderOfTheSameProcessLeavesTheFirstOnesLockInPlace() throws Exception {
    RunFolder first = RunFolder.create();
    RunFolder second = RunFolder.create();
    try {
      Process stranger =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Stranger.class.getName(),
                  first.path().resolve("lock").toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();

      assertThat(
              new String(
                  stranger.getInputStream().readAllBytes(),
                  java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo("false");
      assertThat(stranger.waitFor()).isZero();
    } finally {
      first.remove();
      second.remove();
    }
    assertThat(Files.exists(first.path())).isFalse();
  }
}
