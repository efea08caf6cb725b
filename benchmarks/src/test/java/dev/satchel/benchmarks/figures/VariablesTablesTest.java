package dev.satchel.benchmarks.figures;

import static java.nio.charset.StandardCharsets.UTF_8;
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

/** The tables of environment variables are complete, and name nothing that does not exist. */
class VariablesTablesTest {
  private static final Pattern ROW = Pattern.compile("^\\| `([A-Z_]+)` \\|", Pattern.MULTILINE);
  private static final Pattern OPTION = Pattern.compile("`(--[a-z-]+)(?: [A-Z][^`]*)?`");
  private static final Pattern OPTION_IN_HELP =
      Pattern.compile("^ {6}(--[a-z-]+)", Pattern.MULTILINE);
  private static final Pattern OF_SDK =
      Pattern.compile("\"((?:SATCHEL|CLOUDFLARE)_[A-Z_]+|(?:HTTPS?|NO)_PROXY)\"");
  private static final Pattern OF_PUBLISHER =
      Pattern.compile("\\b(?:DATABASE|CLOUDFLARE|SATCHEL)_[A-Z_]*[A-Z]\\b|\\bPORT\\b");
  private static final String FILE = "_FILE";

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

  @Test
  void thePublishersTableNamesTheVariablesOfItsHelp() throws Exception {
    String help = help();
    Set<String> told = all(OF_PUBLISHER, help.substring(help.indexOf("Variables:")));
    Set<String> listed = all(ROW, section("publisher/README.md", "## Settings"));

    assertThat(withoutFiles(listed)).isEqualTo(withoutFiles(told));
    assertThat(listed).containsAll(told);
    for (String name : listed) {
      if (name.endsWith(FILE)) {
        assertThat(listed).contains(name.substring(0, name.length() - FILE.length()));
      }
    }
  }

  @Test
  void thePublishersTableNamesTheOptionsOfPublishAndRun() throws Exception {
    Set<String> options = all(OPTION_IN_HELP, help("publish"));
    options.addAll(all(OPTION_IN_HELP, help("run")));
    options.add("--port"); // of satchel demo
    options.remove("--json"); // prints, and sets nothing

    assertThat(all(OPTION, section("publisher/README.md", "## Settings"))).isEqualTo(options);
  }

  private static Set<String> withoutFiles(Set<String> names) {
    return names.stream()
        .filter(name -> !name.endsWith(FILE))
        .collect(Collectors.toCollection(TreeSet::new));
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

  /** What the command line says, in a process of its own, because it exits. */
  private static String help(String... command) throws IOException, InterruptedException {
    var arguments =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    "dev.satchel.publisher.Satchel"),
                Stream.concat(Stream.of(command), Stream.of("--help")))
            .toList();
    Process process =
        new ProcessBuilder(arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return said;
  }
}
