package dev.satchel.snapshot;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The forms of a column's values, and the form of each row. */
final class Forms {
  /** How deep the encoder nests columns; the reader takes a few levels more. */
  static final int DEEPEST = 48;

  /** About how many texts are looked at to find forms worth trying on all. */
  private static final int SAMPLE = 4096;

  /** A form of text is tried on all if one text in four of the sample has it. */
  private static final int TRIED_SHARE = 4;

  /** A form of text is kept if one row in sixteen has it. */
  private static final int KEPT_SHARE = 16;

  /** A value of at most this weight may be written for every row of another form. */
  private static final int SMALL_WEIGHT = 1024;

  /**
   * Each value that is no text has the only form of its type. A snapshot lists the forms in this
   * order.
   */
  private enum Type {
    ABSENT(Form.constant(Snapshot.ABSENT)),
    NULL(Form.constant(null)),
    FALSE(Form.constant(false)),
    TRUE(Form.constant(true)),
    LONG(Form.of(Form.Kind.LONG)),
    DOUBLE(Form.of(Form.Kind.DOUBLE)),
    DECIMAL(Form.of(Form.Kind.DECIMAL)),
    LIST(Form.of(Form.Kind.LIST)),
    OBJECT(Form.of(Form.Kind.OBJECT));

    @SuppressWarnings("ImmutableEnumChecker") // a form here has only a constant or a kind
    final Form form;

    Type(Form form) {
      this.form = form;
    }

    @SuppressWarnings("EnumOrdinal") // the order of the constants is the order of the codes
    int code() {
      return ordinal();
    }

    static Type of(@Nullable Object value) {
      if (value == Snapshot.ABSENT) {
        return ABSENT;
      }
      if (value == null) {
        return NULL;
      }
      if (value instanceof Boolean truth) {
        return truth ? TRUE : FALSE;
      }
      if (value instanceof Long) {
        return LONG;
      }
      if (value instanceof Double) {
        return DOUBLE;
      }
      if (value instanceof BigDecimal) {
        return DECIMAL;
      }
      return value instanceof List<?> ? LIST : OBJECT;
    }
  }

  /** The forms of texts follow those of the other types. */
  private static final int FIRST_TEXT = Type.values().length;

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
    for (Type type : Type.values()) {
      candidates.add(type.form);
    }
    candidates.addAll(textForms(rows, others));
    byte[] codes = codes(rows, candidates, others);
    int[] counts = new int[candidates.size()];
    for (byte code : codes) {
      counts[code]++;
    }
    return kept(rows, candidates, codes, counts);
  }

  private static byte[] codes(Rows rows, List<Form> candidates, List<@Nullable Rows> others) {
    byte[] codes = new byte[rows.size()];
    Distinct distinct = rows.distinct();
    // whether a text starts with another field's depends on its row, and not on its value alone
    if (distinct == null || others.stream().anyMatch(Objects::nonNull)) {
      for (int row = 0; row < codes.length; row++) {
        codes[row] = codeOf(rows.get(row), row, candidates, others);
      }
      return codes;
    }
    byte[] ofValues = codes(distinct.entries(), candidates, others);
    for (int row = 0; row < codes.length; row++) {
      codes[row] = ofValues[(int) distinct.code(row)];
    }
    return codes;
  }

  private static byte codeOf(
      @Nullable Object value, int row, List<Form> candidates, List<@Nullable Rows> others) {
    return (byte)
        (value instanceof String text
            ? textCode(text, row, candidates, others)
            : Type.of(value).code());
  }

  /** Returns the code of the first form that the text has; plain text, the last form, suits all. */
  private static int textCode(
      String text, int row, List<Form> candidates, List<@Nullable Rows> others) {
    int plain = candidates.size() - 1;
    int code = FIRST_TEXT;
    while (code < plain && !has(candidates.get(code), text, row, others)) {
      code++;
    }
    return code;
  }

  /** Drops forms that hardly any row has: their texts are written as plain text. */
  private static Forms kept(Rows rows, List<Form> candidates, byte[] codes, int[] counts) {
    int plain = candidates.size() - 1;
    boolean[] dropped = new boolean[counts.length];
    for (int i = FIRST_TEXT; i < plain; i++) {
      if (counts[i] < rows.size() / KEPT_SHARE) {
        counts[plain] += counts[i];
        dropped[i] = true;
      }
    }
    int[] places = new int[counts.length];
    List<Form> list = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && !dropped[i]) {
        places[i] = list.size();
        list.add(candidates.get(i));
      }
    }
    int[] firstRows = new int[list.size()];
    for (int row = codes.length - 1; row >= 0; row--) {
      codes[row] = (byte) places[dropped[codes[row]] ? plain : codes[row]];
      firstRows[codes[row]] = row;
    }
    return new Forms(list, codes, firstRows);
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

  /**
   * Returns the forms that many texts of a sample have, the most specific first and plain text
   * last.
   */
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

  /**
   * Returns the pattern of the commonest shape; null if too few texts have it or it is just one
   * word.
   */
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
    TextPattern pattern = TextPattern.of(most.getKey(), most.getValue());
    // digits that stay text are just one word too: their pattern would have a part like itself
    return most.getKey().equals("D") && pattern.digits(0) == 0 ? null : pattern;
  }

  /** Returns the forms that occur. */
  List<Form> list() {
    return list;
  }

  /** Returns the index in {@link #list} of a row's form. */
  long formOf(int row) {
    return codes[row];
  }

  /**
   * Returns the rows of one form. Rows of other forms get a small value of this form, so that a
   * large one is not written once for each of them.
   */
  Rows rowsOf(int form, Rows rows) {
    Object other = filler(form, rows);
    return Rows.of(rows.size(), row -> codes[row] == form ? rows.get(row) : other);
  }

  /**
   * Returns the value of the first row of a form if it is small, which compresses best, otherwise
   * that of the smallest row, or none at all where the form allows it. A list is always empty,
   * since elements would otherwise double with each level.
   */
  private @Nullable Object filler(int form, Rows rows) {
    Form.Kind kind = list.get(form).kind();
    if (kind == Form.Kind.LIST) {
      return List.of();
    }
    Object smallest = rows.get(firstRows[form]);
    long weight = PlainValue.weight(smallest);
    if (weight <= SMALL_WEIGHT) {
      return smallest;
    }
    switch (kind) {
      case TEXT:
        return "";
      case OBJECT:
        return Map.of();
      case DECIMAL:
        return BigDecimal.ZERO;
      default:
        for (int row = firstRows[form] + 1; row < codes.length; row++) {
          if (codes[row] == form && PlainValue.weight(rows.get(row)) < weight) {
            smallest = rows.get(row);
            weight = PlainValue.weight(smallest);
          }
        }
        return smallest;
    }
  }
}
