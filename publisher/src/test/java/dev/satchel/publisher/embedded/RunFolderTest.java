package dev.satchel.publisher.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.TreeSet;
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

  /** In another process: takes every lock it can, all the time, and says of which folders. */
  public static final class GreedyStranger {
    private GreedyStranger() {}

    public static void main(String[] args) throws Exception {
      System.out.println("ready");
      var taken = new TreeSet<String>();
      while (System.in.available() == 0) {
        try (var folders = Files.newDirectoryStream(EmbeddedDatabase.TEMPORARY, "satchel-*")) {
          for (Path folder : folders) {
            try (var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.WRITE)) {
              // a file that is gone was opened before, and its lock is nobody's
              if (channel.tryLock() != null && Files.exists(folder.resolve("lock"))) {
                taken.add(folder.toString());
              }
            } catch (FileSystemException e) {
              // it has no lock: it is being made or removed, or is of another kind
            }
          }
        }
      }
      taken.forEach(System.out::println);
    }
  }

  @Test
  void nobodyCanTakeTheLockOfAFolderThatIsBeingMadeOrRemoved() throws Exception {
    var stranger =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                GreedyStranger.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var ours = new ArrayList<String>();
    try (var said = stranger.inputReader()) {
      assertThat(said.readLine()).isEqualTo("ready");

      for (int i = 0; i < 300; i++) {
        RunFolder folder = RunFolder.create();
        ours.add(folder.path().toString());
        folder.remove();
      }

      stranger.getOutputStream().write('\n');
      stranger.getOutputStream().flush();
      assertThat(said.lines()).doesNotContainAnyElementsOf(ours);
    } finally {
      stranger.destroyForcibly();
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
