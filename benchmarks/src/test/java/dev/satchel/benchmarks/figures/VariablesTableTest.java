package dev.satchel.benchmarks.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The SDK's table of environment variables is complete, and names nothing that does not exist. */
class VariablesTableTest {
  private static final Pattern ROW = Pattern.compile("^\\| `([A-Z_]+)` \\|", Pattern.MULTILINE);
  private static final Pattern OF_SDK =
      Pattern.compile("\"((?:SATCHEL|CLOUDFLARE)_[A-Z_]+|(?:HTTPS?|NO)_PROXY)\"");

  @Test
  void theSdksTableNamesTheVariablesThatItsSourcesRead() throws IOException {
    Set<String> read = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Modules.ROOT.resolve("sdk/src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        read.addAll(all(OF_SDK, Files.readString(file)));
      }
    }
    assertThat(all(ROW, section("sdk/README.md", "## Environment variables"))).isEqualTo(read);
  }

  private static Set<String> all(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.group(found.groupCount()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String section(String file, String heading) throws IOException {
    String text = Files.readString(Modules.ROOT.resolve(file));
    int from = text.indexOf(heading);
    assertThat(from).describedAs(heading).isNotNegative();
    int to = text.indexOf("\n## ", from + heading.length());
    return text.substring(from, to < 0 ? text.length() : to);
  }
}
