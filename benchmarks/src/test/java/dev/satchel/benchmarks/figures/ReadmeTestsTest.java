package dev.satchel.benchmarks.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a Markdown file says is proved by a test has that test. */
class ReadmeTestsTest {
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+Test)(?:\\.(\\w+))?`");

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    List<String> missing = new ArrayList<>();
    int count = 0;
    for (Path file : Figures.markdown(Modules.ROOT)) {
      Matcher named = TEST.matcher(Files.readString(file));
      while (named.find()) {
        count++;
        if (!isThere(named.group(1), named.group(2) == null ? "" : named.group(2))) {
          missing.add(file + ": " + named.group());
        }
      }
    }
    assertThat(count).isGreaterThan(30);
    assertThat(missing).isEmpty();
  }

  private static boolean isThere(String type, String method) throws IOException {
    for (String module : Modules.all()) {
      try (Stream<Path> files = Files.walk(Modules.ROOT.resolve(module).resolve("src/test/java"))) {
        for (Path file : files.filter(path -> path.endsWith(type + ".java")).toList()) {
          if (method.isEmpty() || Files.readString(file).contains("void " + method + "(")) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
