package dev.satchel.benchmarks.figures;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Checks that the README's figures are those of the recorded runs, or updates them.
 *
 * <pre>java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.figures.Figures [--write]
 * </pre>
 *
 * Run it in the repository. A block stands between {@code <!-- figures: NAME -->} and {@code <!--
 * /figures -->}, NAME being format, decision, verdict or soak. A figure within a sentence stands
 * between {@code <!-- figure: RUN /json/pointer -->} and {@code <!-- /figure -->}, with as many
 * decimals as the sentence needs. In a section whose heading says that it is measured, a number
 * with a unit must not stand anywhere else. The exit status is 1 if there is a complaint.
 */
public final class Figures {
  private Figures() {}

  /** Checks the README, or rewrites its figures. */
  public static void main(String[] arguments) throws IOException {
    List<String> options = List.of(arguments);
    if (!List.of("--write").containsAll(options)) {
      throw new IllegalArgumentException("expected --write or nothing but found " + options);
    }
    Path file = Path.of("README.md");
    Results results = new Results(Path.of("benchmarks", "results"));
    CitedText readme = new CitedText(Files.readString(file));
    if (options.contains("--write")) {
      Files.writeString(file, readme.refreshed(results));
      readme = new CitedText(Files.readString(file));
    }
    List<String> complaints = readme.complaints(results);
    complaints.forEach(System.err::println);
    System.exit(complaints.isEmpty() ? 0 : 1);
  }

  /** Returns the first row with these members. */
  static JsonNode first(JsonNode rows, Map<String, String> members) {
    for (JsonNode row : rows) {
      if (has(row, members)) {
        return row;
      }
    }
    throw new IllegalArgumentException("expected a row with " + members);
  }

  static boolean has(JsonNode row, Map<String, String> members) {
    return members.entrySet().stream()
        .allMatch(member -> row.path(member.getKey()).asText().equals(member.getValue()));
  }
}
