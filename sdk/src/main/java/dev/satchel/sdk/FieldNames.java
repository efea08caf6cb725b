package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields that handles were made for, numbered in that order. Guarded by itself. */
final class FieldNames {
  private final List<String> names = new ArrayList<>();

  /** The number of this name, the same at every call. */
  synchronized int numberOf(String name) {
    int found = names.indexOf(name);
    if (found >= 0) {
      return found;
    }
    names.add(name);
    return names.size() - 1;
  }

  /** The snapshot's field for each name known so far, null where it has none. */
  synchronized @Nullable Field[] in(Snapshot snapshot) {
    @Nullable Field[] resolved = new @Nullable Field[names.size()];
    for (int i = 0; i < resolved.length; i++) {
      resolved[i] = snapshot.field(names.get(i));
    }
    return resolved;
  }
}
