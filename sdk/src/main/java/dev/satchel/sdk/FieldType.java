package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import java.util.List;
import java.util.Locale;

/** What an application asks a field for. */
public enum FieldType {
  /** True or false. */
  BOOLEAN,
  /** A whole number in the range of a long. */
  LONG,
  /** Any number. */
  DOUBLE,
  /** A text. */
  STRING,
  /** A list of texts. */
  STRING_LIST,
  /** Any value. */
  JSON;

  // the constants as bits, for lookups
  static final int AS_BOOLEAN = 1;
  static final int AS_LONG = 1 << 1;
  static final int AS_DOUBLE = 1 << 2;
  static final int AS_STRING = 1 << 3;
  static final int AS_STRING_LIST = 1 << 4;
  static final int AS_JSON = 1 << 5;

  @SuppressWarnings("EnumOrdinal") // the bits above are in the order of the constants
  int bit() {
    return 1 << ordinal();
  }

  /** Returns the name as it is written in settings and messages: {@code string-list}, say. */
  String spelled() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns whether a lookup of this type finds something other than the default. */
  boolean isFoundIn(Field field, int user) {
    return switch (this) {
      case BOOLEAN -> field.booleanAt(user, true) == field.booleanAt(user, false);
      case LONG -> field.longAt(user, 0) == field.longAt(user, 1);
      case DOUBLE -> Double.compare(field.doubleAt(user, 0), field.doubleAt(user, 1)) == 0;
      case STRING -> field.stringAt(user, null) != null;
      case STRING_LIST ->
          field.value(user) instanceof List<?> list
              && list.stream().allMatch(String.class::isInstance);
      case JSON -> field.value(user) != Snapshot.ABSENT;
    };
  }
}
