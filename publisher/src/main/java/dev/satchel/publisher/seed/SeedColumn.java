package dev.satchel.publisher.seed;

import java.util.List;
import java.util.Locale;

/** A column to fill, besides the id: its type, and the form in which its values are sent. */
enum SeedColumn {
  USERNAME("text", "text"),
  EMAIL("text", "text"),
  PREVIEW_FEATURES_ENABLED("boolean", "boolean"),
  PLAN("text", "text"),
  LOCALE("text", "text"),
  MAX_PROJECTS("integer", "bigint"),
  THEME("text", "text"),
  RATE_LIMIT("integer", "bigint"),
  BETA_GROUPS("text[]", "text") {
    @Override
    Object sent(Object value) {
      // an array of arrays would have to be rectangular; the names need no quotes
      return "{" + String.join(",", ((List<?>) value).stream().map(String::valueOf).toList()) + "}";
    }
  },
  CREATED_AT("timestamptz", "text"),
  QUOTA_USED("bigint", "bigint");

  private final String type;
  private final String wireType;

  SeedColumn(String type, String wireType) {
    this.type = type;
    this.wireType = wireType;
  }

  /**
   * Returns the columns of a table for a profile; the tutorial's table has a name and an email in
   * every profile.
   */
  static List<SeedColumn> of(Profile profile) {
    return List.of(values()).stream()
        .filter(column -> column.isInTutorial() || profile.fields().contains(column.column()))
        .toList();
  }

  boolean isInTutorial() {
    return this == USERNAME || this == EMAIL || this == PREVIEW_FEATURES_ENABLED;
  }

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }

  String type() {
    return type;
  }

  String wireType() {
    return wireType;
  }

  /** Returns the position of its value in the rich profile. */
  int index() {
    return Profile.RICH.fields().indexOf(column());
  }

  Object[] array(int length) {
    return switch (wireType) {
      case "boolean" -> new Boolean[length];
      case "bigint" -> new Long[length];
      default -> new String[length];
    };
  }

  /** Returns the form in which a synthetic value is sent. */
  Object sent(Object value) {
    return value;
  }
}
