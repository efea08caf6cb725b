package dev.satchel.snapshot;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One field of an opened snapshot. Users are named by their number, as {@link Snapshot#find} gives
 * it. Immutable, safe for use by any thread, and never throws for a number in range.
 */
public final class Field {
  private final String name;
  private final List<@Nullable Object[]> rows;
  private final int column;

  Field(String name, List<@Nullable Object[]> rows, int column) {
    this.name = name;
    this.rows = rows;
    this.column = column;
  }

  /** The field's name: the column's in {@code SATCHEL_QUERY}. */
  public String name() {
    return name;
  }

  /** The user's boolean, or {@code otherwise} where there is none. Allocates nothing. */
  public boolean booleanAt(int user, boolean otherwise) {
    return value(user) instanceof Boolean b ? b : otherwise;
  }

  /** The user's integer, or {@code otherwise} where there is no whole number in range. */
  public long longAt(int user, long otherwise) {
    return value(user) instanceof Long l ? l : otherwise;
  }

  /** The user's number as the nearest double, or {@code otherwise} where there is none. */
  public double doubleAt(int user, double otherwise) {
    return value(user) instanceof Number n ? n.doubleValue() : otherwise;
  }

  /** The user's text, or {@code otherwise} where there is none. */
  public @Nullable String stringAt(int user, @Nullable String otherwise) {
    return value(user) instanceof String s ? s : otherwise;
  }

  /** Whether the user's value is a list of which one element is this text. */
  public boolean containsAt(int user, String element) {
    return value(user) instanceof List<?> l && l.contains(element);
  }

  /**
   * The user's value whatever its type: {@link Snapshot#ABSENT}, null, {@link Boolean}, {@link
   * Long}, {@link Double}, {@link java.math.BigDecimal}, {@link String}, an unmodifiable {@link
   * List} or {@link Map}. Equal values may be one object.
   */
  public @Nullable Object value(int user) {
    Object value = rows.get(user)[column];
    return "\0absent".equals(value) ? Snapshot.ABSENT : value;
  }
}
