package dev.satchel.publisher.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Formats rows of cells in aligned columns, for a person. Confined to one thread. */
public final class TextTable {
  private final List<String> headings;
  private final List<List<Object>> rows = new ArrayList<>();

  public TextTable(String... headings) {
    this.headings = List.of(headings);
  }

  /** Adds a row. Counts are aligned right, everything else left. */
  public void row(Object... cells) {
    rows.add(List.of(cells));
  }

  public String inWords() {
    int[] widths =
        IntStream.range(0, headings.size())
            .map(
                i ->
                    rows.stream()
                        .mapToInt(row -> text(row.get(i)).length())
                        .reduce(headings.get(i).length(), Math::max))
            .toArray();
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      boolean isCount = !rows.isEmpty() && rows.get(0).get(i) instanceof Integer;
      line.append(padded(headings.get(i), widths[i], isCount)).append("  ");
    }
    lines.add(line.toString().stripTrailing());
    for (List<Object> row : rows) {
      line.setLength(0);
      for (int i = 0; i < widths.length; i++) {
        line.append(padded(text(row.get(i)), widths[i], row.get(i) instanceof Integer))
            .append("  ");
      }
      lines.add(line.toString().stripTrailing());
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static String text(Object cell) {
    return cell instanceof Integer count ? "%,d".formatted(count) : cell.toString();
  }

  private static String padded(String text, int width, boolean isCount) {
    String space = " ".repeat(width - text.length());
    return isCount ? space + text : text + space;
  }
}
