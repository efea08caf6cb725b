package dev.satchel.sdk;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The fields that an application uses: those of handles, numbered in the order in which they were
 * made, and those that lookups by name have found. Guarded by its own monitor.
 */
final class FieldNames {
  private final List<String> handles = new ArrayList<>();
  private final Set<String> used = new HashSet<>();

  /** Returns the number of this field, the same at every call. */
  synchronized int numberOf(String name) {
    int found = handles.indexOf(name);
    if (found >= 0) {
      return found;
    }
    handles.add(name);
    used.add(name);
    return handles.size() - 1;
  }

  /** Called at the first lookup of a field that a view has. */
  synchronized void use(String name) {
    used.add(name);
  }

  /** Returns the fields of the handles, by number. */
  synchronized List<String> handles() {
    return List.copyOf(handles);
  }

  /** Returns the fields to open before a view is used. */
  synchronized Set<String> used() {
    return Set.copyOf(used);
  }
}
