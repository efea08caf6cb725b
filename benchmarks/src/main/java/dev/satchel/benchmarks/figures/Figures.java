package dev.satchel.benchmarks.figures;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Says whether the figures in the Markdown files are those of the recorded runs, or makes them so.
 *
 * <pre>java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.figures.Figures [--write]
 * </pre>
 *
 * Run it in the root of the repository. A block stands between {@code <!-- figures: NAME -->} and
 * {@code <!-- /figures -->}, NAME being headline, format, decision, verdict, patches, fleet, busy
 * or soak. A figure within a sentence stands between {@code <!-- figure: RUN /json/pointer -->} and
 * {@code <!-- /figure -->}, with as many decimals as the sentence wants. In a section whose heading
 * says that it is measured, a number with a unit stands nowhere else. The exit status is 1 if there
 * is a complaint.
 */
public final class Figures {
  private Figures() {}

  /** Checks or writes. */
  public static void main(String[] arguments) throws IOException {
    List<String> options = List.of(arguments);
    if (!List.of("--write").containsAll(options)) {
      throw new IllegalArgumentException("expected --write or nothing but found " + options);
    }
    Results results = new Results(Path.of("benchmarks", "results"));
    int complaints = 0;
    for (Path file : markdown(Path.of(""))) {
      CitedText cited = new CitedText(Files.readString(file));
      if (options.contains("--write")) {
        Files.writeString(file, cited.refreshed(results));
        cited = new CitedText(Files.readString(file));
      }
      for (String complaint : cited.complaints(results)) {
        System.err.println(file + ": " + complaint);
        complaints++;
      }
    }
    System.exit(complaints == 0 ? 0 : 1);
  }

  /** The Markdown files of the repository, but for what is built, hidden or installed. */
  static List<Path> markdown(Path root) throws IOException {
    Set<String> passedOver = Set.of("target", "node_modules");
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(
              file -> {
                for (Path part : root.relativize(file)) {
                  if (passedOver.contains(part.toString()) || part.toString().startsWith(".")) {
                    return false;
                  }
                }
                return true;
              })
          .sorted()
          .toList();
    }
  }

  /** The first row with these members. */
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
