package dev.satchel.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One field of a snapshot. Users are named by their number, as {@link Snapshot#find} gives it.
 * Immutable, safe for use by any thread, and never throws for a number in range. Only texts, lists
 * and objects that are not held already allocate.
 */
public final class Field {
  private final String name;
  private final Column column;

  Field(String name, Column column) {
    this.name = name;
    this.column = column;
  }

  Column column() {
    return column;
  }

  /** The field's name: the column's in {@code SATCHEL_QUERY}. */
  public String name() {
    return name;
  }

  /** The user's boolean, or {@code otherwise} where there is none. Allocates nothing. */
  public boolean booleanAt(int user, boolean otherwise) {
    // no branch on the value: a processor cannot foresee it, and a wrong guess costs it all that it
    // has begun of the next lookups
    int value = column.booleanAt(user);
    return ((value | ((value >>> 1) & (otherwise ? 1 : 0))) & 1) != 0;
  }

  /** The user's number, or {@code otherwise} where there is no whole number that fits a long. */
  public long longAt(int user, long otherwise) {
    return column.longAt(user, otherwise);
  }

  /** The user's number as the nearest double, or {@code otherwise} where there is none. */
  public double doubleAt(int user, double otherwise) {
    return column.doubleAt(user, otherwise);
  }

  /** The user's text, or {@code otherwise} where there is none. */
  public @Nullable String stringAt(int user, @Nullable String otherwise) {
    return column.value(user) instanceof String value ? value : otherwise;
  }

  /** Whether the user's value is a list of which one element is this text. */
  public boolean containsAt(int user, String element) {
    return column.contains(user, element);
  }

  /**
   * The user's value whatever its type: {@link Snapshot#ABSENT}, null, {@link Boolean}, {@link
   * Long}, {@link Double}, {@link java.math.BigDecimal}, {@link String}, an unmodifiable {@link
   * List} or {@link java.util.Map}. Equal values may be one object.
   */
  public @Nullable Object value(int user) {
    return column.value(user);
  }
}
