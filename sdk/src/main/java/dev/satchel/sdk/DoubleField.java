package dev.satchel.sdk;

import java.util.UUID;

/**
 * A number field of a client, resolved once per revision. Any number, as the nearest double. Make
 * one with {@link ConfigClient#doubleField} and keep it; safe for any thread.
 */
public final class DoubleField {
  private final FieldHandle handle;

  DoubleField(FieldHandle handle) {
    this.handle = handle;
  }

  /** The field's name. */
  public String name() {
    return handle.name();
  }

  /**
   * The number of the user with this id, of whatever type, or {@code otherwise} if there is none.
   */
  public double get(String userId, double otherwise) {
    ConfigView view = handle.client().view();
    return ConfigView.doubleAt(view.find(userId), handle.in(view), otherwise);
  }

  /** The number of the user with this UUID, or {@code otherwise} if there is none. */
  public double get(UUID userId, double otherwise) {
    ConfigView view = handle.client().view();
    return ConfigView.doubleAt(view.find(userId), handle.in(view), otherwise);
  }

  /** The number of the user with this integer, or {@code otherwise} if there is none. */
  public double get(long userId, double otherwise) {
    ConfigView view = handle.client().view();
    return ConfigView.doubleAt(view.find(userId), handle.in(view), otherwise);
  }
}
