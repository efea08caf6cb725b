package dev.satchel.benchmarks.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java samples of the Markdown files compile.
 *
 * <p>A sample has the packages {@code dev.satchel.sdk} and {@code dev.satchel.sdk.source}. What
 * else it needs stands in a comment before it, which readers do not see: imports, and the fields
 * and methods that are around it.
 *
 * <pre>{@code
 * <!-- java
 * import java.util.UUID;
 * UUID userId = UUID.randomUUID();
 * -->
 * }</pre>
 */
class JavaSamplesTest {
  private static final Pattern SAMPLE =
      Pattern.compile("(?:<!-- java\n((?:(?!-->).)*?)-->\n)?```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern TYPE =
      Pattern.compile(
          "^(?:public |final |abstract |sealed )*(?:class|record|interface|enum) ",
          Pattern.MULTILINE);

  @TempDir private Path classes;

  @Test
  void everySampleCompiles() throws IOException {
    List<String> complaints = new ArrayList<>();
    int samples = 0;
    for (Path file : Figures.markdown(Modules.ROOT)) {
      if (file.endsWith("spring-boot-starter/README.md")) {
        continue; // Spring is not on this module's class path
      }
      String text = Files.readString(file);
      for (MatchResult sample : SAMPLE.matcher(text).results().toList()) {
        samples++;
        String prelude = sample.group(1) == null ? "" : sample.group(1);
        long line = text.substring(0, sample.start(2)).lines().count() + 1;
        for (String problem : problems(source(prelude, sample.group(2)))) {
          complaints.add("%s, the sample at line %d: %s".formatted(file, line, problem));
        }
      }
    }
    assertThat(samples).isGreaterThan(5);
    assertThat(complaints).isEmpty();
  }

  @Test
  void aSampleThatDoesNotCompileIsFoundOut() throws IOException {
    assertThat(problems(source("", "ConfigClient.openNow();")))
        .singleElement()
        .asString()
        .contains("openNow");
  }

  @Test
  void theApplicationInTheReadmeIsTheOneThatIsTested() throws IOException {
    String tested =
        Files.readString(
            Modules.ROOT.resolve("sdk/src/test/java/dev/satchel/sdk/FiftyLinesApp.java"));
    assertThat(Files.readString(Modules.ROOT.resolve("sdk/README.md")))
        .contains(tested.substring(tested.indexOf("public final class")));
  }

  private static String source(String prelude, String sample) {
    var imports =
        new StringBuilder("import dev.satchel.sdk.*;\nimport dev.satchel.sdk.source.*;\n");
    var members = new StringBuilder();
    prelude
        .lines()
        .forEach(
            line -> (line.startsWith("import ") ? imports : members).append(line).append('\n'));
    if (TYPE.matcher(sample).find()) {
      return imports + sample.replaceFirst("(?m)^public ", "");
    }
    return imports
        + "class Sample {\n"
        + members
        + "void sample() throws Exception {\n"
        + sample
        + "}\n}\n";
  }

  private List<String> problems(String source) throws IOException {
    var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "expected a JDK");
    var found = new DiagnosticCollector<JavaFileObject>();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    try (var files = compiler.getStandardFileManager(found, null, null)) {
      compiler
          .getTask(
              null,
              files,
              found,
              List.of("-proc:none", "-d", classes.toString(), "-cp", classPath),
              null,
              List.of(new Source(source)))
          .call();
    }
    return found.getDiagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .map(diagnostic -> diagnostic.toString().strip())
        .toList();
  }

  /** A compilation unit in memory. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("memory:///Sample.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
