package dev.satchel.sdk;

import java.util.UUID;

/**
 * A boolean field of a client, resolved once per revision. Allocates nothing. Make one with {@link
 * ConfigClient#booleanField} and keep it; safe for any thread.
 */
public final class BooleanField extends FieldHandle {
  BooleanField(CurrentView current, String name, int number) {
    super(current, name, number);
  }

  /**
   * The boolean of the user with this id, of whatever type, or {@code otherwise} if there is none.
   */
  public boolean get(String userId, boolean otherwise) {
    ConfigView view = view();
    return ConfigView.booleanAt(in(view), view.find(userId), otherwise);
  }

  /** The boolean of the user with this UUID, or {@code otherwise} if there is none. */
  public boolean get(UUID userId, boolean otherwise) {
    ConfigView view = view();
    return ConfigView.booleanAt(in(view), view.find(userId), otherwise);
  }

  /** The boolean of the user with this integer, or {@code otherwise} if there is none. */
  public boolean get(long userId, boolean otherwise) {
    ConfigView view = view();
    return ConfigView.booleanAt(in(view), view.find(userId), otherwise);
  }
}
