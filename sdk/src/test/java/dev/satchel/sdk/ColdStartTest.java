package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.sdk.source.MemorySource;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a new JVM does not load before it answers from a snapshot: parts of libraries and of the JDK
 * that take it longer than opening a million users.
 */
final class ColdStartTest {
  private static final List<String> COSTLY =
      List.of(
          "com.fasterxml.jackson.databind.ObjectMapper", // 100 ms
          "java.lang.runtime.ObjectMethods"); // 25 ms: a record's equals, hashCode or toString

  @TempDir Path directory;

  /** Opens a client of the file that is named and asks once. */
  public static final class Opener {
    private Opener() {}

    public static void main(String[] arguments) throws Exception {
      byte[] value = Files.readAllBytes(Path.of(arguments[0]));
      ConfigClient client =
          ConfigClient.openBlocking(MemorySource.of(value), ConfigClientOptions.defaults());
      System.out.println(
          "answer: " + client.booleanField("preview_features_enabled").get("alice", false));
      System.exit(0);
    }
  }

  @Test
  void theFirstAnswerNeedsNoneOfTheCostlyClasses() throws Exception {
    Path value = directory.resolve("value");
    Files.write(value, Publication.ofFlag(7, "alice", true).value());
    // the logging library of these tests is none of the SDK's
    String classes =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("logback"))
            .collect(Collectors.joining(File.pathSeparator));
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-verbose:class",
                "-cp",
                classes,
                Opener.class.getName(),
                value.toString())
            .redirectError(directory.resolve("errors").toFile())
            .start();
    List<String> said =
        new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(said).anyMatch(line -> line.startsWith("answer: true"));
    assertThat(said)
        .filteredOn(line -> COSTLY.stream().anyMatch(line::contains))
        .as("of what was loaded")
        .isEmpty();
  }
}
