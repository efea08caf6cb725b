package dev.satchel.snapshot;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The forms that the values of a column have, and the form of each row. */
final class Forms {
  /** Columns within columns that the encoder makes; the reader takes a few more. */
  static final int DEEPEST = 48;

  /** Texts looked at to find forms worth trying on all. */
  private static final int SAMPLE = 4096;

  /**
   * A form of text is tried if one in so many texts has it, and kept if one in so many rows has.
   */
  private static final int TRIED_SHARE = 4;

  private static final int KEPT_SHARE = 16;

  private final List<Form> list;
  private final byte[] codes;
  private final int[] firstRows;

  private Forms(List<Form> list, byte[] codes, int[] firstRows) {
    this.list = list;
    this.codes = codes;
    this.firstRows = firstRows;
  }

  static Forms of(Rows rows, List<@Nullable Rows> others) {
    List<Form> candidates = new ArrayList<>();
    candidates.add(Form.constant(Snapshot.ABSENT));
    candidates.add(Form.constant(null));
    candidates.add(Form.constant(false));
    candidates.add(Form.constant(true));
    candidates.add(Form.of(Form.Kind.LONG));
    candidates.add(Form.of(Form.Kind.DOUBLE));
    candidates.add(Form.of(Form.Kind.DECIMAL));
    candidates.add(Form.of(Form.Kind.LIST));
    candidates.add(Form.of(Form.Kind.OBJECT));
    int firstText = candidates.size();
    candidates.addAll(textForms(rows, others));
    byte[] codes = new byte[rows.size()];
    int[] counts = new int[candidates.size()];
    for (int row = 0; row < codes.length; row++) {
      codes[row] = (byte) formOf(rows, row, candidates, firstText, others);
      counts[codes[row]]++;
    }
    return kept(rows, candidates, codes, counts, firstText);
  }

  /** Drops forms that nearly no row has: their texts are written as they are. */
  private static Forms kept(
      Rows rows, List<Form> candidates, byte[] codes, int[] counts, int firstText) {
    int plain = candidates.size() - 1;
    for (int i = firstText; i < plain; i++) {
      if (counts[i] < rows.size() / KEPT_SHARE) {
        counts[plain] += counts[i];
        counts[i] = -1;
      }
    }
    int[] places = new int[counts.length];
    List<Form> list = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        places[i] = list.size();
        list.add(candidates.get(i));
      }
    }
    for (int i = firstText; i < plain; i++) {
      if (counts[i] < 0) {
        places[i] = places[plain];
      }
    }
    int[] firstRows = new int[list.size()];
    for (int row = codes.length - 1; row >= 0; row--) {
      codes[row] = (byte) places[codes[row]];
      firstRows[codes[row]] = row;
    }
    return new Forms(list, codes, firstRows);
  }

  private static int formOf(
      Rows rows, int row, List<Form> candidates, int firstText, List<@Nullable Rows> others) {
    Object value = rows.get(row);
    if (value instanceof String text) {
      int last = candidates.size() - 1;
      for (int i = firstText; i < last; i++) {
        if (has(candidates.get(i), text, row, others)) {
          return i;
        }
      }
      return last;
    }
    if (value == Snapshot.ABSENT) {
      return 0;
    }
    if (value == null) {
      return 1;
    }
    if (value instanceof Boolean truth) {
      return truth ? 3 : 2;
    }
    return value instanceof Long
        ? 4
        : value instanceof Double
            ? 5
            : value instanceof BigDecimal ? 6 : value instanceof List<?> ? 7 : 8;
  }

  private static boolean has(Form form, String text, int row, List<@Nullable Rows> others) {
    return switch (form.kind()) {
      case TIME -> form.time().parse(text) != null;
      case UUID -> isUuid(text);
      case PREFIXED -> startsWith(text, others.get(form.number()), row);
      case PATTERN -> form.pattern().matches(text);
      default -> throw new AssertionError(form.kind());
    };
  }

  private static boolean startsWith(String text, @Nullable Rows other, int row) {
    return other != null
        && other.get(row) instanceof String start
        && !start.isEmpty()
        && text.startsWith(start);
  }

  private static boolean isUuid(String text) {
    if (text.length() != 36 || text.charAt(8) != '-') {
      return false;
    }
    try {
      return UUID.fromString(text).toString().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Forms of text that many texts of a sample have, the most telling first; plain text last. */
  private static List<Form> textForms(Rows rows, List<@Nullable Rows> others) {
    List<Integer> sample = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    int stride = Math.max(1, rows.size() / SAMPLE);
    for (int row = 0; row < rows.size(); row += stride) {
      if (rows.get(row) instanceof String text) {
        sample.add(row);
        texts.add(text);
      }
    }
    List<Form> forms = new ArrayList<>();
    for (TimeText time : TimeText.values()) {
      forms.add(Form.time(time));
    }
    forms.add(Form.of(Form.Kind.UUID));
    for (int field = 0; field < others.size(); field++) {
      if (others.get(field) != null) {
        forms.add(Form.prefixed(field));
      }
    }
    forms.removeIf(
        form -> {
          int count = 0;
          for (int i = 0; i < texts.size(); i++) {
            count += has(form, texts.get(i), sample.get(i), others) ? 1 : 0;
          }
          return count == 0 || count < texts.size() / TRIED_SHARE;
        });
    if (forms.isEmpty()) {
      TextPattern pattern = patternOf(texts);
      if (pattern != null) {
        forms.add(Form.pattern(pattern));
      }
    }
    forms.add(Form.of(Form.Kind.TEXT));
    return forms;
  }

  /** The pattern of the shape that most texts have; null if it is nothing but one word. */
  private static @Nullable TextPattern patternOf(List<String> texts) {
    Map<String, List<String>> byShape = new HashMap<>();
    for (String text : texts) {
      String shape = TextPattern.shapeOf(text);
      if (shape != null) {
        byShape.computeIfAbsent(shape, key -> new ArrayList<>()).add(text);
      }
    }
    Map.Entry<String, List<String>> most =
        byShape.entrySet().stream()
            .max(
                Comparator.comparingInt(
                        (Map.Entry<String, List<String>> entry) -> entry.getValue().size())
                    .thenComparing(Map.Entry::getKey))
            .orElse(null);
    if (most == null
        || most.getValue().size() < texts.size() / TRIED_SHARE
        || most.getKey().isEmpty()
        || most.getKey().equals("W")) {
      return null;
    }
    return TextPattern.of(most.getKey(), most.getValue());
  }

  /** The forms that occur. */
  List<Form> list() {
    return list;
  }

  /** The place in {@link #list} of a row's form. */
  long formOf(int row) {
    return codes[row];
  }

  /**
   * The rows of one form; the others' values are replaced by the first one of the form, and by an
   * empty list among lists, of which elements would otherwise double with each level.
   */
  Rows rowsOf(int form, Rows rows) {
    Object other = list.get(form).kind() == Form.Kind.LIST ? List.of() : rows.get(firstRows[form]);
    return Rows.of(rows.size(), row -> codes[row] == form ? rows.get(row) : other);
  }
}
