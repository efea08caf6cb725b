package dev.satchel.sdk;

import java.util.UUID;

/**
 * A number field of a client, resolved once per revision. Any number, as the nearest double. Make
 * one with {@link ConfigClient#doubleField} and keep it; safe for any thread.
 */
public final class DoubleField extends FieldHandle {
  DoubleField(CurrentView current, String name, int number) {
    super(current, name, number);
  }

  /**
   * The number of the user with this id, of whatever type, or {@code otherwise} if there is none.
   */
  public double get(String userId, double otherwise) {
    ConfigView view = view();
    return ConfigView.doubleAt(in(view), view.find(userId), otherwise);
  }

  /** The number of the user with this UUID, or {@code otherwise} if there is none. */
  public double get(UUID userId, double otherwise) {
    ConfigView view = view();
    return ConfigView.doubleAt(in(view), view.find(userId), otherwise);
  }

  /** The number of the user with this integer, or {@code otherwise} if there is none. */
  public double get(long userId, double otherwise) {
    ConfigView view = view();
    return ConfigView.doubleAt(in(view), view.find(userId), otherwise);
  }
}
