package dev.satchel.publisher.seed;

import java.util.List;
import java.util.Locale;

/** A column that is filled, besides the id: its type, and how its values travel. */
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

  /** The columns of a table for a profile; the tutorial's has a name and an email in each. */
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

  /** Where its value stands among those of the rich profile. */
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

  /** What travels for a synthetic value. */
  Object sent(Object value) {
    return value;
  }
}
