package dev.satchel.sdk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields that an application uses: those of handles, numbered in the order in which they were
 * made, and those that lookups by name have found. Guarded by its own monitor.
 */
final class FieldNames {
  private final List<String> handles = new ArrayList<>();

  /** The types that each field is asked for, as bits; see {@link FieldType#bit}. */
  private final Map<String, Integer> used = new HashMap<>();

  /** Returns the number of this field, the same at every call. */
  synchronized int numberOf(String name, int types) {
    use(name, types);
    int found = handles.indexOf(name);
    if (found >= 0) {
      return found;
    }
    handles.add(name);
    return handles.size() - 1;
  }

  /** Called at the first lookup of a type in a field that a view has; 0 is for no type. */
  synchronized void use(String name, int types) {
    used.merge(name, types, (one, other) -> one | other);
  }

  /** Returns the fields of the handles, by number. */
  synchronized List<String> handles() {
    return List.copyOf(handles);
  }

  /** Returns the fields to open before a view is used, and the types that they are asked for. */
  synchronized Map<String, Integer> used() {
    return Map.copyOf(used);
  }
}
