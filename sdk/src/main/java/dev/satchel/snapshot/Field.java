package dev.satchel.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One field of a snapshot. Users are named by their number, as {@link Snapshot#find} gives it.
 * Immutable, safe for use by any thread, and never throws for a number in range. Lookups allocate
 * only for texts, lists and objects that are not already held.
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

  /** Returns the field's name, which is the name of its column in {@code SATCHEL_QUERY}. */
  public String name() {
    return name;
  }

  /** Returns the user's boolean, or {@code otherwise} if there is none. Allocates nothing. */
  public boolean booleanAt(int user, boolean otherwise) {
    // no branch on the value: a processor cannot predict it, and a wrong guess costs what it
    // has already done for the next lookups
    int value = column.booleanAt(user);
    return ((value | ((value >>> 1) & (otherwise ? 1 : 0))) & 1) != 0;
  }

  /**
   * Returns the user's number, or {@code otherwise} if there is no whole number that fits into a
   * long.
   */
  public long longAt(int user, long otherwise) {
    return column.longAt(user, otherwise);
  }

  /** Returns the user's number as the nearest double, or {@code otherwise} if there is none. */
  public double doubleAt(int user, double otherwise) {
    return column.doubleAt(user, otherwise);
  }

  /** Returns the user's text, or {@code otherwise} if there is none. */
  public @Nullable String stringAt(int user, @Nullable String otherwise) {
    return column.value(user) instanceof String value ? value : otherwise;
  }

  /** Returns whether the user's value is a list with this text as an element. */
  public boolean containsAt(int user, String element) {
    return column.contains(user, element);
  }

  /**
   * Returns the user's value, whatever its type: {@link Snapshot#ABSENT}, null, {@link Boolean},
   * {@link Long}, {@link Double}, {@link java.math.BigDecimal}, {@link String}, an unmodifiable
   * {@link List} or {@link java.util.Map}. Equal values may be one object.
   */
  public @Nullable Object value(int user) {
    return column.value(user);
  }
}
