package dev.satchel.benchmarks.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The first page stays short, and links lead somewhere. */
class MarkdownFilesTest {
  private static final int MAX_README_LINES = 150;
  private static final Pattern CODE = Pattern.compile("```.*?```|`[^`\n]*`", Pattern.DOTALL);
  private static final Pattern BLOCK = Pattern.compile("```.*?```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

  @Test
  void theFirstPageIsShort() throws IOException {
    assertThat(Files.readAllLines(Modules.ROOT.resolve("README.md")))
        .hasSizeLessThanOrEqualTo(MAX_README_LINES);
  }

  @Test
  void everyRelativeLinkLeadsToAFileAndToAHeadingInIt() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path file : Figures.markdown(Modules.ROOT)) {
      String text = CODE.matcher(Files.readString(file)).replaceAll("");
      for (MatchResult link : LINK.matcher(text).results().toList()) {
        if (!link.group(1).contains(":")) {
          links++;
          if (!leadsSomewhere(file, link.group(1), link.group(2))) {
            broken.add(file + ": " + link.group());
          }
        }
      }
    }
    assertThat(links).isGreaterThan(20);
    assertThat(broken).isEmpty();
  }

  /**
   * @param path empty for the file itself
   * @param anchor null for the whole file
   */
  private static boolean leadsSomewhere(Path from, String path, String anchor) throws IOException {
    Path target = path.isEmpty() ? from : from.resolveSibling(path);
    if (!Files.exists(target)) {
      return false;
    }
    return anchor == null || anchors(target).contains(anchor);
  }

  /** The names that GitHub gives to headings. */
  private static Set<String> anchors(Path file) throws IOException {
    Set<String> anchors = new HashSet<>();
    HEADING
        .matcher(BLOCK.matcher(Files.readString(file)).replaceAll(""))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .forEach(anchors::add);
    return anchors;
  }
}
