package dev.satchel.publisher.guard;

import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotDiff;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares the JSON types of a field's values. */
final class FieldTypes {
  private enum Type {
    BOOLEAN,
    NUMBER,
    TEXT,
    LIST,
    OBJECT
  }

  private FieldTypes() {}

  /**
   * Returns a sentence for each field of both snapshots whose values have none of their former
   * types. Looks at values until it finds two of the same type, so at few of them unless something
   * is wrong.
   */
  static List<String> changed(SnapshotDiff diff) {
    List<String> changed = new ArrayList<>();
    for (String name : diff.changedByField().keySet()) {
      Field before = diff.before().field(name);
      Field after = diff.after().field(name);
      if (before != null && after != null) {
        Set<Type> were = EnumSet.noneOf(Type.class);
        Set<Type> are = EnumSet.noneOf(Type.class);
        int users = Math.max(diff.before().users(), diff.after().users());
        for (int user = 0; user < users && !haveOneInCommon(were, are); user++) {
          add(were, before, user, diff.before().users());
          add(are, after, user, diff.after().users());
        }
        if (!were.isEmpty() && !are.isEmpty() && !haveOneInCommon(were, are)) {
          changed.add("%s was %s and is %s".formatted(name, words(were), words(are)));
        }
      }
    }
    return changed;
  }

  private static boolean haveOneInCommon(Set<Type> some, Set<Type> others) {
    return some.stream().anyMatch(others::contains);
  }

  private static void add(Set<Type> types, Field field, int user, int users) {
    Type type = user < users ? of(field.value(user)) : null;
    if (type != null) {
      types.add(type);
    }
  }

  private static @Nullable Type of(@Nullable Object value) {
    if (value == null || value == Snapshot.ABSENT) {
      return null;
    }
    if (value instanceof Boolean) {
      return Type.BOOLEAN;
    }
    if (value instanceof Number) {
      return Type.NUMBER;
    }
    if (value instanceof String) {
      return Type.TEXT;
    }
    return value instanceof List ? Type.LIST : Type.OBJECT;
  }

  private static String words(Set<Type> types) {
    return String.join(
        " or ", types.stream().map(type -> type.name().toLowerCase(Locale.ROOT)).toList());
  }
}
