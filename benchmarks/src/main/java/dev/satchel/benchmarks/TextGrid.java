package dev.satchel.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of text in columns; the first column is aligned left, the others right. */
public final class TextGrid {
  private final List<String[]> rows = new ArrayList<>();

  /** Creates a grid with these heads and no rows yet. */
  public TextGrid(String... heads) {
    rows.add(heads);
  }

  /** Adds a row; numbers get two decimals if they have a fraction. */
  public void row(Object... cells) {
    String[] row = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      row[i] =
          cells[i] instanceof Double number
              ? String.format(Locale.ROOT, "%,.2f", number)
              : cells[i] instanceof Number number
                  ? String.format(Locale.ROOT, "%,d", number.longValue())
                  : String.valueOf(cells[i]);
    }
    rows.add(row);
  }

  @Override
  public String toString() {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String gap = " ".repeat(widths[i] - row[i].length());
        line.append(i == 0 ? row[i] + gap : "  " + gap + row[i]);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
