package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import org.jspecify.annotations.Nullable;

/**
 * A field by name, found in whichever view is in use. It keeps no view itself, so a handle that is
 * not used does not hold an old snapshot in memory.
 */
record FieldHandle(ConfigClient client, String name, int number) {

  @Nullable Field in(ConfigView view) {
    return view.field(number);
  }
}
