package dev.satchel.sdk;

import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import java.util.Arrays;
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

  static void checkLengths(int users, int elements) {
    if (users != elements) {
      throw new IllegalArgumentException(
          "expected room for the answers of " + users + " users but found " + elements);
    }
  }

  /** Returns room for the numbers of as many users as are looked for at once. */
  static int[] usersAtOnce(int users) {
    int[] numbers = new int[Math.max(1, Math.min(users, Snapshot.AT_ONCE))];
    Arrays.fill(numbers, Snapshot.NO_USER); // an empty view finds nobody
    return numbers;
  }
}
