package dev.satchel.benchmarks.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Markdown files cite what was recorded; and one that does not is found out. */
class ReadmeFiguresTest {
  private static final String RUN =
      """
      {"machine": {"date": "2026-01-02T03:04:05Z", "processor": "a processor", "processors": 2,
       "jdk": "A vendor 17.0.1+2-build", "commit": "0123456789abcdef"},
       "lookups": [{"nanos": 61.449}], "bytes": 1234567,
       "verdict": {"sentences": ["61 ns are few.", "Pairs have their days."]}}
      """;

  @TempDir private Path folder;

  @Test
  void everyMarkdownFileCitesWhatIsRecorded() throws IOException {
    Results results = new Results(Path.of("results"));
    int cited = 0;
    for (Path file : Figures.markdown(Modules.ROOT)) {
      String text = Files.readString(file);
      cited += text.contains("<!-- figure") ? 1 : 0;
      assertThat(new CitedText(text).complaints(results)).describedAs(file.toString()).isEmpty();
    }
    assertThat(cited).isGreaterThan(2);
  }

  @Test
  void acceptsFiguresAsTheyAreRecorded() throws IOException {
    assertThat(
            complaints(
                """
                ## Measured
                <!-- figures: verdict -->
                - 61 ns are few.
                - Pairs have their days.
                <!-- /figures -->
                A lookup takes <!-- figure: decision /lookups/0/nanos -->61.4<!-- /figure --> ns of
                <!-- figure: decision /bytes -->1,234,567<!-- /figure --> bytes; `sleep 10 s`.
                """))
        .isEmpty();
  }

  @Test
  void refusesAFigureThatIsNotRecorded() throws IOException {
    assertThat(
            complaints("takes <!-- figure: decision /lookups/0/nanos -->61.5<!-- /figure --> ns"))
        .singleElement()
        .asString()
        .contains("/lookups/0/nanos", "61.4", "61.5");
  }

  @Test
  void refusesABlockThatWasEdited() throws IOException {
    assertThat(complaints("<!-- figures: verdict -->\n- 60 ns are few.\n<!-- /figures -->\n"))
        .singleElement()
        .asString()
        .contains("block verdict", "61 ns", "60 ns");
  }

  @Test
  void refusesAMeasuredFigureThatNamesNoRun() throws IOException {
    assertThat(
            complaints("# A\n1 ms\n## What was measured\nis 5 times as fast, 12.5 ms\n# B\n3 s\n"))
        .hasSize(2)
        .anySatisfy(complaint -> assertThat(complaint).contains("5 times"))
        .anySatisfy(complaint -> assertThat(complaint).contains("12.5 ms"));
  }

  @Test
  void refusesAFigureWithoutARunAndAMarkerWithoutAnEnd() throws IOException {
    assertThat(complaints("<!-- figure: absent /a -->1<!-- /figure --> <!-- figures: format -->"))
        .hasSize(2)
        .anySatisfy(complaint -> assertThat(complaint).contains("absent.json"))
        .anySatisfy(complaint -> assertThat(complaint).contains("figures: format"));
  }

  @Test
  void writesWhatIsRecordedAndKeepsTheDecimals() throws IOException {
    var stale =
        new CitedText(
            """
            <!-- figures: verdict -->
            <!-- /figures -->
            <!-- figure: decision /lookups/0/nanos -->0.00<!-- /figure --> ns
            """);
    String fresh = stale.refreshed(results());
    assertThat(fresh).contains("- Pairs have their days.\n<!-- /figures -->", "-->61.45<!--");
    assertThat(complaints(fresh)).isEmpty();
  }

  private Iterable<String> complaints(String text) throws IOException {
    return new CitedText(text).complaints(results());
  }

  private Results results() throws IOException {
    Files.writeString(folder.resolve("decision.json"), RUN);
    return new Results(folder);
  }
}
