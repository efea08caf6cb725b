package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import org.jspecify.annotations.Nullable;

/**
 * A field by name, found in whichever view is in use. It keeps no view itself, so a handle that is
 * not used does not hold an old snapshot in memory. The kinds of field differ in their answers.
 */
abstract class FieldHandle {
  private final CurrentView current;
  private final String name;
  private final int number;

  FieldHandle(CurrentView current, String name, int number) {
    this.current = current;
    this.name = name;
    this.number = number;
  }

  /** The field's name. */
  public final String name() {
    return name;
  }

  final ConfigView view() {
    return current.get();
  }

  final @Nullable Field in(ConfigView view) {
    return view.field(number);
  }
}
