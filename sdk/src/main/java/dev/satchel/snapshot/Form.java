package dev.satchel.snapshot;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One way to write some values of a column.
 *
 * @param constant the value of a {@link Kind#CONSTANT}
 * @param textTime the form of a {@link Kind#TIME}
 * @param number the number of the field that a {@link Kind#PREFIXED} text starts with
 * @param textPattern the pattern of a {@link Kind#PATTERN}
 */
record Form(
    Kind kind,
    @Nullable Object constant,
    @Nullable TimeText textTime,
    int number,
    @Nullable TextPattern textPattern) {

  enum Kind {
    CONSTANT,
    LONG,
    DOUBLE,
    DECIMAL,
    TIME,
    UUID,
    PREFIXED,
    PATTERN,
    TEXT,
    LIST,
    OBJECT
  }

  static Form of(Kind kind) {
    return new Form(kind, null, null, 0, null);
  }

  static Form constant(@Nullable Object value) {
    return new Form(Kind.CONSTANT, value, null, 0, null);
  }

  static Form time(TimeText time) {
    return new Form(Kind.TIME, null, time, 0, null);
  }

  static Form prefixed(int field) {
    return new Form(Kind.PREFIXED, null, null, field, null);
  }

  static Form pattern(TextPattern pattern) {
    return new Form(Kind.PATTERN, null, null, 0, pattern);
  }

  TimeText time() {
    return Objects.requireNonNull(textTime);
  }

  TextPattern pattern() {
    return Objects.requireNonNull(textPattern);
  }

  /** Returns the number of a text that has this form of time. */
  long number(String text) {
    return Objects.requireNonNull(time().parse(text));
  }

  /** Returns what follows the other field's text; empty in rows that are not of this form. */
  Rows restRows(Rows rows, Rows other) {
    return Rows.of(
        rows.size(),
        row ->
            rows.get(row) instanceof String text
                    && other.get(row) instanceof String start
                    && text.startsWith(start)
                ? text.substring(start.length())
                : "");
  }
}
