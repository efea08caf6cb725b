package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a field by name, found in the view that is in use. It keeps no view, so an unused
 * handle does not hold an old snapshot in memory. Its subclasses differ in the type of their
 * answers.
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

  /** Returns the field's name. */
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
