package dev.satchel.benchmarks.figures;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Markdown text that cites figures in the way that {@link Figures} describes. */
final class CitedText {
  private static final Pattern BLOCK =
      Pattern.compile("(<!-- figures: ([^>]*?) -->\n)(.*?)(<!-- /figures -->)", Pattern.DOTALL);
  private static final Pattern FIGURE =
      Pattern.compile("(<!-- figure: (\\S+) (\\S+) -->)(.*?)(<!-- /figure -->)", Pattern.DOTALL);
  private static final Pattern MARKER = Pattern.compile("<!-- /?figures?\\b.*?-->");
  private static final Pattern CODE = Pattern.compile("```.*?```|`[^`\n]*`", Pattern.DOTALL);
  private static final Pattern SECTION =
      Pattern.compile("^#+ ([^\n]*)\n(.*?)(?=^#+ |\\z)", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern MEASURED = Pattern.compile("(?i)\\bmeasured\\b");
  private static final Pattern WITH_UNIT =
      Pattern.compile(
          "[$]\\d[\\d,.]*|\\d[\\d,.]*\\s?(?:ns|µs|ms|s|B|bytes|KiB|MiB|GiB|KB|MB|GB|%|times)(?!\\w)");

  private final String text;

  CitedText(String text) {
    this.text = text;
  }

  /** Lists everything that differs from the recorded runs; empty if nothing does. */
  List<String> complaints(Results results) {
    List<String> complaints = new ArrayList<>();
    BLOCK
        .matcher(text)
        .results()
        .forEach(
            block -> check(complaints, "block " + block.group(2), block.group(3), block, results));
    FIGURE
        .matcher(text)
        .results()
        .forEach(
            figure ->
                check(
                    complaints,
                    "figure " + figure.group(2) + " " + figure.group(3),
                    figure.group(4),
                    figure,
                    results));
    String rest = FIGURE.matcher(BLOCK.matcher(text).replaceAll("")).replaceAll("");
    MARKER
        .matcher(rest)
        .results()
        .forEach(marker -> complaints.add("expected a pair for the marker " + marker.group()));
    SECTION
        .matcher(CODE.matcher(rest).replaceAll(""))
        .results()
        .filter(section -> MEASURED.matcher(section.group(1)).find())
        .forEach(
            section ->
                WITH_UNIT
                    .matcher(section.group(2))
                    .results()
                    .forEach(
                        figure ->
                            complaints.add(
                                "section '%s': expected %s between markers that name its run"
                                    .formatted(section.group(1), figure.group()))));
    return complaints;
  }

  private static void check(
      List<String> complaints, String name, String found, MatchResult cited, Results results) {
    try {
      String expected = recorded(cited, results);
      if (!expected.equals(found)) {
        complaints.add(
            "%s: expected the recorded text:%n%s%nbut found:%n%s"
                .formatted(name, expected.strip(), found.strip()));
      }
    } catch (IllegalArgumentException e) {
      complaints.add(name + ": " + e.getMessage());
    }
  }

  /** Returns the text with its blocks and figures replaced by what the recorded runs say. */
  String refreshed(Results results) {
    String blocks = replaced(BLOCK, text, results, 1, 4);
    return replaced(FIGURE, blocks, results, 1, 5);
  }

  private static String replaced(
      Pattern pattern, String text, Results results, int before, int after) {
    return pattern
        .matcher(text)
        .replaceAll(
            cited ->
                Matcher.quoteReplacement(
                    cited.group(before) + recorded(cited, results) + cited.group(after)));
  }

  /** Returns what a block or a figure should say. */
  private static String recorded(MatchResult cited, Results results) {
    if (cited.groupCount() == 4) {
      return Block.named(cited.group(2)).markdown(results);
    }
    JsonNode value = results.of(cited.group(2)).at(cited.group(3));
    if (!value.isNumber()) {
      throw new IllegalArgumentException(
          "expected a number at %s of run %s".formatted(cited.group(3), cited.group(2)));
    }
    String found = cited.group(4);
    int point = found.indexOf('.');
    int decimals = point < 0 ? 0 : found.length() - point - 1;
    BigDecimal rounded = new BigDecimal(value.asText()).setScale(decimals, RoundingMode.HALF_UP);
    return String.format(Locale.ROOT, "%,." + decimals + "f", rounded);
  }
}
